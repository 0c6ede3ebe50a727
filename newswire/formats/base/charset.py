"""From bytes to characters.

The order is that of browsers (https://encoding.spec.whatwg.org/): byte order mark, then the
``charset`` of HTTP, then what the document declares of itself, then UTF-8, then a detector. One
rule is added: bytes that are valid UTF-8 beyond ASCII are UTF-8, whatever other set was declared.
That is hardly ever chance, and feeds saved again under an old XML declaration are common.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

from newswire.errors import BinaryInput, EmptyInput, UnknownEncoding

_HEAD = 4096
"""Bytes looked at for a declaration; the HTML standard asks for 1024, real pages need more."""

_BOMS = (
    # UTF-32's little-endian mark begins with UTF-16's: the longer ones come first.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_JSON = re.compile(rb"\[?\s{0,99}\{\s{0,99}\"[\w@$-]{1,99}\"\s{0,9}:")
"""An object's first name: what isn't JSON behind it is said by JSON's reader."""
_MARKED = frozenset(mark[:1] for mark, _ in _BOMS)

_UNMARKED = (
    (re.compile(rb"<\x00\x00\x00[?!a-zA-Z]\x00\x00\x00"), "utf-32-le"),
    (re.compile(rb"\x00\x00\x00<\x00\x00\x00[?!a-zA-Z]"), "utf-32-be"),
    (re.compile(rb"\s*<\x00[?!a-zA-Z]\x00"), "utf-16-le"),
    (re.compile(rb"(?:\x00\s)*\x00<\x00[?!a-zA-Z]"), "utf-16-be"),
)

_XML_ENCODING = re.compile(rb"""encoding\s*=\s*["']([^"']{1,40})["']""")
_META_CHARSET = re.compile(
    rb"""<meta\s[^>]{0,200}?charset\s*=\s*["']?\s*([^\s"'/>;]{1,40})""", re.IGNORECASE
)
_HTTP_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([^\s"';,]{1,40})""", re.IGNORECASE)

_LABELS = {
    # What is declared as the left is in practice the right, its superset.
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
_SPELLINGS = {
    "utf8mb4": "utf-8",
    "unicode": "utf-16",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "x-gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "windows-874": "cp874",
    "iso-8859-8-i": "iso8859-8",
}
_NO_CHARACTER_SETS = {
    # Python's codecs that turn text into text; a document can't be in one.
    "idna",
    "punycode",
    "raw_unicode_escape",
    "raw-unicode-escape",
    "unicode_escape",
    "unicode-escape",
    "undefined",
}

_MAGIC = (
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"PK\x03\x04", "a ZIP archive or office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\xfd7zXZ\x00", "an XZ archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"BZh", "a bzip2 archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\x00", "a program"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old office document"),
    (b"{\\rtf", "an RTF document"),
    (b"ID3", "an audio file"),
    (b"OggS", "an audio file"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"SQLite format 3\x00", "a database"),
)
_MAGIC_BEGINS = frozenset(magic[:1] for magic, _ in _MAGIC)
_REMEDY = "Newswire reads text, markup, JSON and mail"
# Control bytes that no text has. Those of the old wire formats (SOH, STX, ETX, SYN, DC1 and so on)
# are few in a file, as is the stray NUL of a page; in a binary one every tenth byte is a control.
_CONTROL_BYTES = bytes(set(range(32)) - {9, 10, 12, 13, 27}) + b"\x7f"
_MOST_CONTROLS = 0.03
# A short one has more of them: an alert of two lines, a table with a separator in each cell.
_WIRE = re.compile(rb"[\x16\x7f\s]*\x01[A-Za-z]+\d")
_WIRE_BYTES = bytes((1, 2, 3, 4, 8, 15, 16, 17, 18, 19, 20, 22, 25, 30, 31, 127))

_LATIN = ("cp1252", "cp1250", "cp1254", "cp1257", "cp1258", "iso8859_2")
_DETECTED = (
    *_LATIN,
    *"cp1251 cp1253 cp1255 cp1256 cp874 cp866 koi8_r koi8_u iso8859_5 iso8859_6 iso8859_7".split(),
    *"gb18030 big5hkscs euc_jp shift_jis cp932 euc_kr cp949".split(),
)
"""What undeclared text may be in: what newsrooms and the web use. Asked for the sets of old Macs
and terminals too, the detector takes Finnish and German for Icelandic on a Mac."""
_LATIN_SHARE = 0.3
"""Up to this share of bytes beyond ASCII among the letters a text is in a Latin script: no
Cyrillic, Greek or Arabic text has as few."""
_FEWEST_BYTES = 10
"""So many bytes beyond ASCII the detector needs; fewer are typographic signs and single names."""

_ANY_SIGN = re.compile("[^ \t\r\n\f\v\x00\ufeff\u200b\xa0]")

_VALID_FOR_EACH_GAP = 10
"""So many characters beyond ASCII must be right for each that is not, and a page is read."""


def refuse_binary(data: bytes) -> None:
    """Let through what may be text.

    Raises:
        EmptyInput: nothing, or nothing but white space.
        BinaryInput: an image, an archive, a program; named where it is known.
    """
    if data.startswith(b"<?xml") or _JSON.match(data):
        return
    if not data.strip(b" \t\r\n\f\v\x00\xef\xbb\xbf\xfe\xff"):
        raise EmptyInput("empty: no byte but white space" if data else "empty: no bytes")
    for magic, name in _MAGIC if data[:1] in _MAGIC_BEGINS else ():
        if data.startswith(magic):
            raise BinaryInput(f"{name}, not text", _REMEDY)
    if data[:4] == b"RIFF" or data[4:8] == b"ftyp":
        raise BinaryInput("an audio, video or picture file, not text", _REMEDY)
    if _marked(data) is not None or _unmarked(data) is not None:
        return
    head = data[: 2**16]
    if _WIRE.match(head):
        head = head.translate(None, _WIRE_BYTES)
    controls = len(head) - len(head.translate(None, _CONTROL_BYTES))
    if controls > _MOST_CONTROLS * len(head):
        raise BinaryInput("binary data: bytes that no text has", _REMEDY)


def decode(data: bytes, declared: str | None = None) -> tuple[str, str]:
    """Decode a document.

    Args:
        data: the bytes.
        declared: the HTTP ``Content-Type``, of which only ``charset`` is read.

    Returns:
        The text without a byte order mark, and the character set as Python names it.

    Raises:
        UnknownEncoding: the declared set doesn't exist, or the bytes aren't in it.
        EmptyInput: nothing but white space once decoded.
    """
    text, encoding = _decode(data, declared)
    text = text.removeprefix("\ufeff")
    if _ANY_SIGN.search(text) is None:
        raise EmptyInput("empty: nothing but white space")
    return text, encoding


def is_guess(data: bytes, declared: str | None, encoding: str) -> bool:
    """Whether nothing but a detector says that a document is in a character set.

    Args:
        data: the bytes.
        declared: the HTTP ``Content-Type``.
        encoding: what :func:`decode` made of them.
    """
    return (
        encoding != "utf-8"
        and not data.isascii()
        and _marked(data) is None
        and _unmarked(data) is None
        and _label(data, declared)[0] is None
    )


def _decode(data: bytes, declared: str | None) -> tuple[str, str]:
    marked = _marked(data)
    if marked is not None:
        mark, encoding = marked
        return _strictly(data[len(mark) :], encoding, "marked"), encoding
    label, where = _label(data, declared)
    if label is None:
        encoding = _unmarked(data) or ""
        if encoding:
            return _strictly(data, encoding, "recognised"), encoding
        return _undeclared(data)
    encoding = _lookup(label, where)
    if encoding in {"utf-16", "utf-32"}:
        # Without a mark the byte order is open; the standard takes little-endian.
        encoding = _unmarked(data) or f"{encoding}-le"
    if encoding.startswith(("utf-16", "utf-32")) and where != "HTTP" and b"\x00" not in data[:64]:
        # The declaration was read byte by byte, so it can't be true.
        return _undeclared(data)
    if encoding != "utf-8":
        as_utf8 = _utf8(data)
        if as_utf8 is not None:
            return as_utf8, "utf-8"
    if encoding == "cp1252":
        return _windows_1252(data), encoding
    try:
        return data.decode(encoding), encoding
    except UnicodeDecodeError as error:
        return _with_gaps(data, encoding, label, where, error), encoding


def _marked(data: bytes) -> tuple[bytes, str] | None:
    if data[:1] not in _MARKED:
        return None
    return next(((mark, name) for mark, name in _BOMS if data.startswith(mark)), None)


def _unmarked(data: bytes) -> str | None:
    if b"\x00" not in data:
        return None
    return next((name for sign, name in _UNMARKED if sign.match(data)), None)


def _label(data: bytes, declared: str | None) -> tuple[str | None, str]:
    """The declared label and who declares it: HTTP, then the document."""
    stated = _HTTP_CHARSET.search(declared) if declared else None
    if stated:
        return stated[1], "HTTP"
    head = data[:_HEAD].lstrip()
    if head.startswith(b"<?xml"):
        found = _XML_ENCODING.search(head, 0, head.find(b">") + 1)
        if found:
            return found[1].decode("latin-1"), "the XML declaration"
    # Found without a regard to case first: the expression takes twenty times as long.
    found = _META_CHARSET.search(head) if b"charset" in head.lower() else None
    return (found[1].decode("latin-1"), "the page") if found else (None, "")


@lru_cache(maxsize=64)
def _lookup(label: str, where: str) -> str:
    plain = label.strip().lower()
    try:
        name = codecs.lookup(_SPELLINGS.get(plain, plain)).name
        # Codecs such as hex or rot13 exist, but aren't character sets.
        "".encode(name)
    except (LookupError, ValueError):
        name = ""
    if not name or name in _NO_CHARACTER_SETS:
        raise UnknownEncoding(f"{where} declares the character set {plain!r}, which doesn't exist")
    return _LABELS.get(name, name)


def _utf8(data: bytes) -> str | None:
    """The text, where the bytes are UTF-8 and more than ASCII."""
    if data.isascii():
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _windows_1252(data: bytes) -> str:
    # Five bytes are unassigned: browsers make them controls, which would be cleaned away.
    return data.translate(None, b"\x81\x8d\x8f\x90\x9d").decode("cp1252")


def _strictly(data: bytes, encoding: str, how: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnknownEncoding(
            f"{how} as {encoding}, but byte {error.start:,} isn't in it ({error.reason})"
        ) from None


def _with_gaps(
    data: bytes, encoding: str, label: str, where: str, error: UnicodeDecodeError
) -> str:
    """A page with a stray byte is read with U+FFFD in its place; one in another set is refused.

    In another set hardly any byte beyond ASCII would make a valid character of this one.
    """
    text = data.decode(encoding, "replace")
    gaps = text.count("\ufffd")
    valid = sum(sign > "\x7f" for sign in text) - gaps
    if where != "the XML declaration" and valid >= _VALID_FOR_EACH_GAP * gaps:
        return text
    raise UnknownEncoding(
        f"{where} declares the character set {label.strip().lower()!r}, "
        f"but byte {error.start:,} isn't in it ({error.reason})"
    ) from None


def _undeclared(data: bytes) -> tuple[str, str]:
    """UTF-8, else what the detector says, else windows-1252."""
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    # The bytes that aren't ASCII decide; a sample of them is enough, and bounds the time.
    start = next(index for index, byte in enumerate(data) if byte > 127)
    sample = data[max(0, start - 1000) : start + 20_000]
    beyond = sum(byte > 127 for byte in sample)
    if beyond < _FEWEST_BYTES:
        return _windows_1252(data), "cp1252"
    letters = beyond + sum(chr(byte).isalpha() for byte in sample if byte < 128)
    candidates = _LATIN if beyond <= _LATIN_SHARE * letters else _DETECTED
    from charset_normalizer import from_bytes  # slow to import, and seldom needed

    guess = from_bytes(sample, cp_isolation=list(candidates)).best()
    if guess is not None and guess.encoding not in {"utf_8", "ascii"}:
        try:
            name = codecs.lookup(guess.encoding).name
            return data.decode(name), name
        except (LookupError, UnicodeDecodeError):
            pass
    return _windows_1252(data), "cp1252"
