"""Large and crooked input: read in time that grows with its size, or refused by a limit.

What is quadratic takes minutes here and shows; what must not be done for each line is counted.
"""

from __future__ import annotations

import pytest

from newswire.errors import InputTooLarge
from newswire.formats import parse
from newswire.formats.base import bounds
from newswire.formats.base.bounds import refuse_attributes, refuse_crowded_feed
from newswire.formats.lines import line, wirecopy
from newswire.formats.web import media
from newswire.stories.draft import Draft
from newswire.stories.model import Block

HEADLINE = "Council votes to close the harbour road to lorries"
LEAD = "The council of the harbour town voted on Monday to close the road to lorries, after a year."
DENSE = f"{LEAD} It had argued for as long as anybody in the town can remember."
PARAGRAPHS = f"<p>{LEAD}</p>" * 4


def read(document: str) -> Draft:
    (draft,) = parse(document.encode(), uri="https://wire.example/1").drafts
    return draft


def page(body: str) -> str:
    head = f"<title>{HEADLINE}</title><meta property='og:type' content='article'>"
    return f"<html><head>{head}</head><body><article>{PARAGRAPHS}{body}</article></body></html>"


def item(inner: str) -> str:
    title = f"<title>{HEADLINE}</title><guid>1</guid><description>{LEAD}</description>"
    return (
        '<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel>'
        f"<item>{title}{inner}</item></channel></rss>"
    )


# --- text --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "unit",
    ["It is so.\n", "TOWN\n\n", "Menu\n\nTOWN\n\n", "Sign up\n\n", "a\n",
     f"Related Stories\n\nFerry\n\n{LEAD}\n\n"],
)  # fmt: skip
def test_what_a_line_is_is_found_out_once_for_each_line(
    unit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = 0
    is_chrome = line.aggregator.is_chrome

    def counted(line: str) -> bool:
        nonlocal looked
        looked += 1
        return is_chrome(line)

    monkeypatch.setattr(line.aggregator, "is_chrome", counted)
    # An offer is only passed over where the story goes on, here far below.
    text = f"{HEADLINE}\n\n{LEAD}\n\n" + unit * 1_000 + f"{DENSE}\n\n" * 3
    lines = len(line.read_lines(text))
    draft = read(text)
    assert draft.body[-1].text == DENSE
    assert looked <= 3 * lines


def test_sign_offs_are_gathered_without_looking_again_at_those_before() -> None:
    draft = Draft(body=[Block(text=LEAD)])
    draft.body += [Block(text=f"(Reporting by Jo Park{i} and Bo Lind)") for i in range(5_000)]
    wirecopy.apply(draft)
    assert [one.name for one in draft.contributors[:3]] == ["Jo Park0", "Bo Lind", "Jo Park1"]
    assert len(draft.contributors) == 5_001
    assert len(draft.body) == 1


def test_a_text_of_more_lines_than_any_story_has_is_refused() -> None:
    with pytest.raises(InputTooLarge, match=r"60,00\d lines, over the limit of 50,000") as caught:
        read(f"{HEADLINE}\n\n{LEAD}\n\n" + "a\n" * 60_000)
    assert "\n" not in str(caught.value)


def test_a_dateline_is_looked_for_without_trying_each_division_of_the_line() -> None:
    # With one word in two alternatives of the pattern this takes 2**25 steps.
    assert wirecopy.split_dateline("By" + " the Ab" * 25) is None


# --- pages -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("x" * 8_000_001, "8,000,[0-9]+ characters, over the limit of 8,000,000"),
        ("<br>" * 60_000, "60,0[0-9]+ elements, over the limit of 50,000"),
    ],
)
def test_a_page_too_large_for_an_article_is_refused_by_its_limit(body: str, words: str) -> None:
    with pytest.raises(InputTooLarge, match=words) as caught:
        read(page(body))
    assert "\n" not in str(caught.value)


def test_a_page_of_very_many_paragraphs_is_read_without_comparing_each_with_all() -> None:
    # The extractor justext takes minutes for these; it is left out above 10,000 elements.
    draft = read(page("<option>a " * 20_000))
    assert draft.body[0].text == LEAD


def test_thousands_of_captions_are_each_kept_once() -> None:
    captions = "".join(
        f"<figcaption>Boat {i % 2000} of the harbour.</figcaption>" for i in range(4000)
    )
    assert len(read(page(captions)).captions) == 2_000


def attributes(count: int) -> str:
    return " ".join(f'a{i}="x>y"' for i in range(count))


@pytest.mark.parametrize(
    "markup",
    [
        f"<p {attributes(1_001)}>x</p>",
        f"<p {attributes(1_001)}",
        f"<!-- <p>{{}} <p {attributes(1_001)}>",
        f"<script>if (a<b) c</script><p {attributes(1_001)}>",
        "<p " + "a\n" * 1_001 + ">",
        "<p " + "a='b' " * 1_001 + ">",
    ],
)
def test_an_element_with_more_attributes_than_any_has_is_refused(markup: str) -> None:
    with pytest.raises(InputTooLarge, match=r"an element with 1,00\d attributes"):
        refuse_attributes(markup)


@pytest.mark.parametrize(
    "markup",
    [
        f"<p {attributes(1_000)}>x</p>",
        "<script>if (a<b) " + "x = 1; " * 2_000 + "</script>",
        "<!-- a <b " + "x " * 2_000 + "-->",
        '<p alt="' + "word " * 2_000 + '">',
        "a < b " + "word " * 2_000,
        "<!-- <!-- " * 100_000,
        "<script>" + "<script>" * 100_000,
        '<a b="<i>">' * 100_000,
    ],
)
def test_what_only_looks_like_many_attributes_is_let_through(markup: str) -> None:
    refuse_attributes(markup)


# --- feeds -------------------------------------------------------------------------------------


def test_thousands_of_captions_of_an_entry_are_each_kept_once() -> None:
    content = "".join(
        f"<media:content><media:description>Boat {i % 2000}</media:description></media:content>"
        for i in range(4_000)
    )
    assert len(media.captions(item(content))[0]) == 2_000
    assert len(read(item(content)).captions) == 2_000


@pytest.mark.parametrize(
    ("inner", "words"),
    [
        ("<x/>" * 700_000, "elements and their ends, over the limit of 600,000"),
        ("x" * 8_000_001, "characters, over the limit of 8,000,000; ask for fewer entries"),
        (f"<x {attributes(101)}/>", "101 attributes, over the limit of 100"),
        ("<category>c</category>" * 501, "501 keywords in one entry"),
        ("<media:keywords>" + "c," * 500 + "</media:keywords>", "501 keywords in one entry"),
        ("".join(f"<x{i}:a xmlns:x{i}='u'/>" for i in range(300)), "301 namespaces"),
    ],
)
def test_a_feed_with_more_of_something_than_any_has_is_refused(inner: str, words: str) -> None:
    with pytest.raises(InputTooLarge, match=words) as caught:
        read(item(inner))
    assert "\n" not in str(caught.value)


def test_what_a_feed_has_of_each_entry_is_counted_by_entry() -> None:
    entry = "<item>" + "<category>c</category>" * 400 + "</item>"
    refuse_crowded_feed(f"<rss>{entry * 50}</rss>")
    refuse_attributes(
        f"<x><![CDATA[<p {attributes(200)}>]]></x>", bounds.MOST_ATTRIBUTES_OF_XML, xml=True
    )
