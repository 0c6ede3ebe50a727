"""The parts of an e-mail: headers in characters, texts, attachments; bounded in number and depth.

RFC 5322 (the message), 2045 to 2047 (parts, encoded words), 3676 (flowed text).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email import message_from_bytes
from email.header import decode_header
from email.message import Message

from newswire.errors import EmptyInput, InputTooLarge, MalformedInput, UnknownEncoding
from newswire.formats.base import charset
from newswire.formats.base.clean import one_line

_MOST_MULTIPARTS = 100
"""The standard library looks for the end of each that is open at every line."""
_MOST_PARTS = 200
_DEEPEST = 10
_BOUNDARY = re.compile(rb"boundary\s*=", re.IGNORECASE)
_LONGEST_HEADER = 10_000
_FIELDS = re.compile(rb"\s*(?:From [^\n]*\n)?")


@dataclass(frozen=True)
class Text:
    """The text of a mail, in one of its forms."""

    text: str
    is_html: bool


@dataclass(frozen=True)
class Attachment:
    """What is attached: bytes, or a message."""

    name: str
    media_type: str
    declared: str
    """Its ``Content-Type`` as it stands."""
    data: bytes = field(repr=False)
    message: Mail | None = None


@dataclass
class Mail:
    """A message, taken apart."""

    message: Message = field(repr=False)
    texts: list[Text] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    doubtful: list[str] = field(default_factory=list)
    """Character sets that were declared, and that the text isn't in."""

    def header(self, name: str) -> str:
        """A header in characters, on one line; empty: there is none."""
        for key, value in self.message.raw_items():
            if key.lower() == name:
                return _decoded(str(value)[:_LONGEST_HEADER])
        return ""


def read_mail(data: bytes) -> Mail:
    """Take a mail apart.

    Raises:
        InputTooLarge: more parts, or deeper nested ones, than any mail has.
        MalformedInput: it can't be taken apart.
    """
    if len(_BOUNDARY.findall(data)) > _MOST_MULTIPARTS:
        raise InputTooLarge(f"a mail of more than {_MOST_MULTIPARTS} multiparts")
    start = _FIELDS.match(data)
    try:
        message = message_from_bytes(data[start.end() if start else 0 :])
        return _Reader().mail(message, 0)
    except (RecursionError, LookupError, ValueError, TypeError, AssertionError) as error:
        # What the standard library raises on headers that break the rules.
        raise MalformedInput(f"a mail that can't be taken apart: {type(error).__name__}") from error


class _Reader:
    """Walks over the parts, and counts them."""

    def __init__(self) -> None:
        self._parts = 0

    def mail(self, message: Message, depth: int) -> Mail:
        found = Mail(message)
        self._part(found, message, depth)
        return found

    def _part(self, mail: Mail, part: Message, depth: int) -> None:
        self._parts += 1
        if self._parts > _MOST_PARTS:
            raise InputTooLarge(f"a mail of more than {_MOST_PARTS} parts")
        if depth > _DEEPEST:
            raise InputTooLarge(f"a mail with parts nested deeper than {_DEEPEST}")
        kind = part.get_content_type()
        children = part.get_payload()
        if isinstance(children, list):
            inner = [child for child in children if isinstance(child, Message)]
            if kind == "message/rfc822":
                for child in inner:
                    attached = self.mail(child, depth + 1)
                    mail.attachments.append(Attachment("", kind, kind, b"", attached))
            elif kind == "multipart/alternative":
                self._alternative(mail, inner, depth)
            else:
                for child in inner:
                    self._part(mail, child, depth + 1)
            return
        self._leaf(mail, part, kind)

    def _alternative(self, mail: Mail, parts: list[Message], depth: int) -> None:
        """Forms of one text: the one in HTML, unless it says much less than the plain one."""
        tried = Mail(mail.message)
        for part in parts:
            self._part(tried, part, depth + 1)
        mail.attachments += tried.attachments
        mail.doubtful += tried.doubtful
        html = next((text for text in tried.texts if text.is_html), None)
        plain = next((text for text in tried.texts if not text.is_html), None)
        mail.texts += [chosen for chosen in (html or plain,) if chosen is not None]
        if html is not None and plain is not None:
            shown = re.sub(r"<[^<>]*>", "", html.text)
            own = without_signature(plain.text)
            if len("".join(shown.split())) < _ENOUGH * len("".join(own.split())):
                mail.texts[-1] = plain

    def _leaf(self, mail: Mail, part: Message, kind: str) -> None:
        payload = part.get_payload(decode=True)
        data = payload if isinstance(payload, bytes) else b""
        name = _decoded(part.get_filename() or "")
        attached = part.get_content_disposition() == "attachment" or bool(name)
        if attached or kind not in {"text/plain", "text/html"}:
            declared = one_line(str(part.get("content-type", kind)))
            mail.attachments.append(Attachment(name, kind, declared, data))
            return
        text = _characters(mail, data, str(part.get_content_charset() or ""))
        if kind == "text/plain" and str(part.get_param("format", "")).lower() == "flowed":
            text = unflowed(text, delete=str(part.get_param("delsp", "")).lower() == "yes")
        if text.strip():
            mail.texts.append(Text(text, kind == "text/html"))


_ENOUGH = 0.8
"""Share of the plain text's characters that the form in HTML must have."""


def _characters(mail: Mail, data: bytes, declared: str) -> str:
    try:
        if declared and declared != "us-ascii":
            try:
                return charset.decode(data, f"text/plain; charset={declared}")[0]
            except UnknownEncoding:
                mail.doubtful.append(declared)
        return charset.decode(data)[0]
    except (EmptyInput, UnknownEncoding):
        return ""


_SIGNATURE = re.compile(r"^--[ \t]*$", re.MULTILINE)


def without_signature(text: str) -> str:
    """A text down to the line ``-- ``, under which its sender signs (RFC 3676, 4.3)."""
    return _SIGNATURE.split(text.replace("\r\n", "\n"), maxsplit=1)[0]


def unflowed(text: str, *, delete: bool) -> str:
    """Lines that end in a space go on in the next (RFC 3676).

    Args:
        text: as sent.
        delete: the space is part of the line break, not of the text (``DelSp=yes``).
    """
    lines: list[list[str]] = []
    open_line = False
    for sent in text.replace("\r\n", "\n").split("\n"):
        line = sent.removeprefix(" ")
        if not open_line:
            lines.append([])
        # A signature's "-- " ends a line.
        open_line = line.endswith(" ") and (open_line or line != "-- ")
        lines[-1].append(line[:-1] if open_line and delete else line)
    return "\n".join("".join(parts) for parts in lines)


def _decoded(value: str) -> str:
    """A header's encoded words in characters; undeclared bytes by what they look like."""
    try:
        words = decode_header(value)
    except ValueError:
        words = [(value, None)]
    return one_line("".join(_word(word, declared) for word, declared in words))


def _word(word: bytes | str, declared: str | None) -> str:
    data = word.encode("utf-8", "surrogateescape") if isinstance(word, str) else word
    try:
        known = declared and declared != "unknown-8bit"
        return charset.decode(data, f"text/plain; charset={declared}" if known else None)[0]
    except (UnknownEncoding, EmptyInput):
        return data.decode("utf-8", "replace")
