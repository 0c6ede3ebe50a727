"""From bytes to characters."""

from __future__ import annotations

import pytest

from newswire.errors import BinaryInput, EmptyInput, UnknownEncoding
from newswire.formats.base.charset import decode, refuse_binary

GERMAN = "Äpfel für Zürich: 5 €, „frisch“"
XML = '<?xml version="1.0" encoding="{}"?><rss/>'


@pytest.mark.parametrize("data", [b"", b" \r\n\t ", b"\xef\xbb\xbf", b"\xff\xfe", b"\x00" * 9])
def test_an_empty_file_is_named_as_empty(data: bytes) -> None:
    with pytest.raises(EmptyInput, match="empty"):
        refuse_binary(data)


def test_white_space_in_utf_16_is_empty_too() -> None:
    with pytest.raises(EmptyInput):
        decode("\ufeff \n ".encode("utf-16-le"))


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n\x1a\n....", "PNG"),
        (b"\xff\xd8\xff\xe0....", "JPEG"),
        (b"PK\x03\x04....", "ZIP"),
        (b"\x1f\x8b\x08....", "gzip"),
        (b"RIFF....WEBP", "picture"),
        (b"\x7fELF....", "program"),
        (bytes(range(256)) * 8, "binary"),
    ],
)
def test_a_binary_file_is_refused_by_its_name_where_it_has_one(data: bytes, name: str) -> None:
    with pytest.raises(BinaryInput, match=name):
        refuse_binary(data)


def test_a_short_transmission_is_no_binary_for_the_controls_that_frame_it() -> None:
    refuse_binary(
        b"\x16\x16\x01a0001\x1fworld\r\nb a\x13\x11 BC-Alert 01-02\r\n\x02x\x03\r\n\x0c\r\n\x04"
    )


def test_a_stray_nul_makes_no_text_binary() -> None:
    refuse_binary(b"A line of text with one \x00 in it, as old systems leave them." * 3)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_wins_over_what_is_declared(encoding: str) -> None:
    text, _ = decode(GERMAN.encode(encoding), "text/plain; charset=iso-8859-1")
    assert text == GERMAN


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_markup_in_utf_16_or_32_is_read_without_a_mark(encoding: str) -> None:
    data = f"<?xml version='1.0'?><rss>{GERMAN}</rss>".encode(encoding)
    refuse_binary(data)
    assert GERMAN in decode(data)[0]


def test_the_charset_of_http_wins_over_the_xml_declaration() -> None:
    data = XML.format("iso-8859-2").encode() + "Žluť".encode("cp1250")
    text, encoding = decode(data, 'application/xml; charset="windows-1250"')
    assert (text[-4:], encoding) == ("Žluť", "cp1250")


def test_an_xml_declaration_is_believed() -> None:
    data = XML.format("windows-1251").encode() + "Москва".encode("cp1251")
    assert decode(data)[0].endswith("Москва")


@pytest.mark.parametrize(
    "meta",
    [
        '<meta charset="{}">',
        "<meta charset={}>",
        '<meta http-equiv="Content-Type" content="text/html; charset={}">',
    ],
)
def test_the_charset_of_a_page_is_believed(meta: str) -> None:
    page = f"<html><head>{meta.format('euc-kr')}</head>".encode() + "수도권과".encode("euc-kr")
    assert decode(page)[0].endswith("수도권과")


def test_iso_8859_1_is_read_as_windows_1252() -> None:
    data = XML.format("ISO-8859-1").encode() + "“quoted” – 5 €".encode("cp1252")
    assert decode(data)[0].endswith("“quoted” – 5 €")


def test_utf_8_under_the_declaration_of_another_set_stays_utf_8() -> None:
    data = XML.format("ISO-8859-1").encode() + "Décès à Genève".encode()
    assert decode(data) == (data.decode(), "utf-8")


@pytest.mark.parametrize("label", ["x-klingon", "rot13", "hex", "unicode_escape", "utf-9"])
def test_a_character_set_that_does_not_exist_is_named(label: str) -> None:
    with pytest.raises(UnknownEncoding, match=label) as caught:
        decode(XML.format(label).encode())
    assert "\n" not in str(caught.value)


def test_a_character_set_of_http_that_does_not_exist_is_named() -> None:
    with pytest.raises(UnknownEncoding, match="HTTP declares the character set 'x-klingon'"):
        decode(b"plain", "text/plain; charset=X-Klingon")


@pytest.mark.parametrize(
    ("data", "declared"),
    [
        (XML.format("utf-8").encode() + GERMAN.encode("cp1252"), None),
        (GERMAN.encode("cp1252"), "text/plain; charset=utf-8"),
        ("\ufeff".encode() + GERMAN.encode("cp1252"), None),
    ],
)
def test_bytes_that_are_not_in_the_declared_set_are_named(
    data: bytes, declared: str | None
) -> None:
    with pytest.raises(UnknownEncoding, match=r"utf-8.* byte \d+ isn't in it"):
        decode(data, declared)


def test_a_page_with_one_broken_character_among_many_good_ones_is_read() -> None:
    page = b'<meta charset="utf-8">' + "größer ".encode() * 50 + b"\xe4"
    text, _ = decode(page)
    assert text.count("\ufffd") == 1
    assert text.count("größer") == 50


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (f"{GERMAN}. Mehr über Müller und die Straße, während es schneit.", "cp1252"),
        (
            "Hallitus pääsi yöllä sopuun säästöistä, mutta työttömät jäävät yhä ilman tukea. " * 6,
            "cp1252",
        ),
        ("An English sentence with a single name beyond ASCII in it: Müller.", "cp1252"),
        ("Правительство отказалось от второй мобилизации, сообщили в Москве. " * 5, "cp1251"),
    ],
)
def test_undeclared_bytes_are_recognised(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding))[0] == text


def test_undeclared_utf_8_is_utf_8() -> None:
    assert decode(GERMAN.encode()) == (GERMAN, "utf-8")
