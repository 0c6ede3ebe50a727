"""What the XML wires have in common: a tree from hostile input, bodies in odd markup, limits."""

from __future__ import annotations

import pytest

from newswire.errors import InputTooLarge, MalformedInput, ParseError, UnknownEncoding
from newswire.formats import parse
from newswire.stories.draft import Draft


def a_document(body: str = "<p>Tea rose.</p>", prolog: str = "", headline: str = "Tea") -> str:
    return f"""{prolog}<nitf><body><body.head><hedline><hl1>{headline}</hl1></hedline>
        </body.head><body.content>{body}</body.content></body></nitf>"""


def read(document: str | bytes) -> Draft:
    data = document.encode("utf-8", "surrogatepass") if isinstance(document, str) else document
    (draft,) = parse(data, uri="https://acme.example/item.xml").drafts
    return draft


def texts(document: str | bytes) -> list[str]:
    return [block.text for block in read(document).body]


def refused(document: str | bytes, kind: type[ParseError]) -> str:
    with pytest.raises(kind) as caught:
        read(document)
    assert "\n" not in str(caught.value)
    return str(caught.value)


# --- entities ----------------------------------------------------------------------------------


def test_entities_of_entities_are_not_expanded() -> None:
    tower = "".join(f'<!ENTITY {a} "{f"&{b};" * 10}">' for a, b in ("bc", "cd", "de"))
    bomb = f'<!DOCTYPE nitf [<!ENTITY e "lol">{tower}]>'
    assert "not expanded" in refused(a_document("<p>&b;</p>", bomb), MalformedInput)


def test_an_entity_that_grows_the_document_is_not_expanded() -> None:
    bomb = f'<!DOCTYPE nitf [<!ENTITY a "{"x" * 10_000}">]>'
    assert "not expanded" in refused(a_document(f"<p>{'&a;' * 100}</p>", bomb), MalformedInput)


def test_an_external_entity_is_not_loaded() -> None:
    for place in ("file:///etc/hostname", "http://127.0.0.1:9/secret"):
        prolog = f'<!DOCTYPE nitf [<!ENTITY a SYSTEM "{place}">]>'
        assert "'a' not defined" in refused(a_document("<p>&a;</p>", prolog), MalformedInput)


def test_the_characters_that_a_dtd_names_are_known_without_loading_it() -> None:
    prolog = '<!DOCTYPE nitf SYSTEM "http://127.0.0.1:9/nitf-3-6.dtd">'
    assert texts(a_document("<p>Th&eacute; &amp; caf&#233;</p>", prolog)) == ["Thé & café"]


def test_a_name_that_nothing_defines_is_told() -> None:
    message = refused(a_document("<p>a&nbsp;b</p>"), MalformedInput)
    assert message == "XML that isn't well formed, line 2: Entity 'nbsp' not defined"


# --- broken documents --------------------------------------------------------------------------


@pytest.mark.parametrize("share", [0.2, 0.5, 0.95])
def test_a_cut_document_says_so(share: float) -> None:
    whole = a_document("<p>Tea rose.</p>" * 50)
    message = refused(whole[: int(len(whole) * share)], MalformedInput)
    assert "the document seems to be cut off" in message


def test_nesting_without_end_is_refused() -> None:
    deep = "<block>" * 5_000 + "</block>" * 5_000
    assert "Excessive depth" in refused(a_document(deep), MalformedInput)


def test_text_in_deep_markup_is_read() -> None:
    assert texts(a_document("<block>" * 200 + "Tea rose." + "</block>" * 200)) == ["Tea rose."]
    assert texts(a_document("<p>" + "<em>" * 200 + "Tea" + "</em>" * 200 + "</p>")) == ["Tea"]


@pytest.mark.parametrize("sign", ["\x00", "\x0b", "\x9f", "\ufffe"])
def test_characters_that_xml_has_not_are_left_out(sign: str) -> None:
    assert texts(a_document(f"<p>Tea{sign} rose.</p>")) == ["Tea rose."]


def test_bytes_of_a_lone_surrogate_are_not_in_the_declared_set() -> None:
    prolog = '<?xml version="1.0" encoding="utf-8"?>'
    refused(a_document("<p>Tea\ud800 rose.</p>", prolog), UnknownEncoding)


def test_a_reference_to_a_character_that_xml_has_not_is_refused() -> None:
    refused(a_document("<p>&#xD800;</p>"), MalformedInput)


# --- more than any wire has --------------------------------------------------------------------


def test_more_elements_or_attributes_than_any_wire_has_are_refused() -> None:
    for inner in ("<p/>" * 1_000_000, '<p a=""/>' * 500_000):
        message = refused(f"<nitf><body>{inner}</body></nitf>", InputTooLarge)
        assert "1,000,004 elements, their ends and attributes" in message


def test_more_blocks_than_any_body_has_are_refused() -> None:
    assert "20,000 blocks" in refused(a_document("<p>x</p>" * 20_001), InputTooLarge)
    assert "20,000 blocks" in refused(a_document("x\n\n" * 20_001), InputTooLarge)
    assert "20,000 blocks" in refused(
        a_document("<pre>" + "x\n\n" * 20_001 + "</pre>"), InputTooLarge
    )


@pytest.mark.parametrize(
    "content",
    [
        "<inlineData>" + "x\n\n" * 20_001 + "</inlineData>",
        "<inlineData>" + "x\n" * 20_001 + "</inlineData>",
        "<inlineXML><events>" + "<event>x</event>\n\n" * 20_001 + "</events></inlineXML>",
    ],
)
def test_more_parts_of_plain_text_than_any_body_has_are_refused(content: str) -> None:
    item = f'<newsItem guid="urn:x:1"><contentSet>{content}</contentSet></newsItem>'
    assert "20,000 blocks" in refused(item, InputTooLarge)


def test_more_subjects_than_any_story_has_are_left_out_and_extra_says_so() -> None:
    subjects = "".join(f'<tobject.subject tobject.subject.refnum="a{i}"/>' for i in range(5_000))
    head = f"<nitf><head><tobject>{subjects}</tobject></head>"
    story = read(a_document().replace("<nitf>", head))
    assert len(story.subjects) == 300
    assert story.extra["subjects_left_out"] is True


def test_a_document_larger_than_memory_allows_is_refused_whatever_the_limit() -> None:
    data = bytes(48 * 2**20 + 1)
    with pytest.raises(InputTooLarge, match=r"50,331,649 bytes, over the 50,331,648 .*; split it"):
        parse(data, uri="https://acme.example/", max_bytes=2**40)


def test_a_document_whose_characters_are_larger_than_memory_allows_is_refused() -> None:
    data = "\U0001f6a2".encode() + b"a" * (16 * 2**20 + 1000)
    with pytest.raises(InputTooLarge, match=r"16,778,217 characters that take .*; split it"):
        parse(data, uri="https://acme.example/", max_bytes=2**40)


# --- character sets ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("ISO-8859-1", "utf-8"), ("UTF-16", "utf-8"), ("ISO-8859-15", "iso8859-15"), ("UTF-8", None)],
)
def test_a_document_is_read_in_its_own_character_set(declared: str, encoding: str | None) -> None:
    prolog = f'<?xml version="1.0" encoding="{declared}"?>'
    data = a_document("<p>Thé à 5 €.</p>", prolog).encode(encoding or "utf-8-sig")
    assert texts(data) == ["Thé à 5 €."]


def test_a_document_in_utf_16_is_read() -> None:
    prolog = '<?xml version="1.0" encoding="UTF-16"?>'
    assert texts(a_document("<p>Thé.</p>", prolog).encode("utf-16")) == ["Thé."]


# --- bodies in odd markup ----------------------------------------------------------------------


PROSE = "Tea rose on Monday, as it had done in each month before. " * 6


@pytest.mark.parametrize(
    ("body", "blocks"),
    [
        ("<p><hl2>Tea</hl2></p><p>It rose.</p>", ["paragraph: Tea", "paragraph: It rose."]),
        (
            "<p>One.</p><hl2>Tea</hl2><p>Two.</p>",
            ["paragraph: One.", "crosshead: Tea", "paragraph: Two."],
        ),
        ("<hl2>Tea</hl2><p>One.</p>", ["paragraph: One."]),
        ("One line.\n\nA <em>line</em>.", ["paragraph: One line.", "paragraph: A line."]),
        ("<p>One.</p> 51 77 ECO01", ["paragraph: One."]),
        ("<p>One.</p> Цены 2026 выросли", ["paragraph: One.", "paragraph: Цены 2026 выросли"]),
        ("<pre>One\nline.\n\nTwo.</pre>", ["paragraph: One line.", "paragraph: Two."]),
        ("<table><tr><th>Tea</th></tr></table><p>One.</p>", ["paragraph: One."]),
        ("<table><tr><td>a</td><td>b</td></tr></table>", ["table: a\tb"]),
        (f"<table><tr><td>{PROSE}</td></tr></table>", [f"paragraph: {PROSE.strip()}"]),
        ("<p>One.</p><div class='mw_contactinfo'>Call Jo</div>", ["paragraph: One."]),
        ("<p>At <time>noon</time> tea<br/><br/>rose.</p>", ["paragraph: At noon tea rose."]),
        ("Tea<br/>rose.<br/><br/>It fell.", ["paragraph: Tea rose.", "paragraph: It fell."]),
    ],
)
def test_a_body_is_read_as_it_is_marked_up(body: str, blocks: list[str]) -> None:
    assert [f"{block.kind}: {block.text}" for block in read(a_document(body)).body] == blocks


def test_an_alert_s_long_paragraph_gives_its_first_sentence_as_headline() -> None:
    prose = "Tea rose to a record on Monday. " * 20
    story = read(a_document(f"<p>{prose}</p>", headline=""))
    assert story.headline == "Tea rose to a record on Monday."
