"""WordPress exports."""

from __future__ import annotations

import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newswire.errors import InputTooLarge, MalformedInput, NoArticle, NoHeadline
from newswire.formats import Parsed, parse
from newswire.stories.draft import Draft
from newswire.stories.model import Caption, PubStatus, Subject

DATA = Path(__file__).parent / "data" / "formats"
HEAD = (
    '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>Loden Weekly</title>'
)


def read(data: bytes | str) -> Parsed:
    parsed = parse(data.encode() if isinstance(data, str) else data, uri="file:export.xml")
    assert (parsed.format, parsed.media_type) == ("wxr", "application/rss+xml")
    return parsed


def post(
    number: int = 1, more: str = "", title: str = "A title", text: str = "It happened."
) -> str:
    return (
        f"<item><title>{title}</title><guid>https://loden.example/?p={number}</guid>"
        f"<content:encoded><![CDATA[{text}]]></content:encoded><wp:post_id>{number}</wp:post_id>"
        f"<wp:post_date_gmt>2024-05-03 07:30:00</wp:post_date_gmt>"
        f"<wp:post_type>post</wp:post_type>{more}</item>"
    )


def export(*items: str) -> str:
    return f"{HEAD}{''.join(items)}</channel></rss>"


def only(data: bytes | str) -> Draft:
    (draft,) = read(data).drafts
    return draft


@pytest.fixture(scope="module")
def weekly() -> Draft:
    return only((DATA / "wxr.xml").read_bytes())


def test_a_published_post_is_a_story(weekly: Draft) -> None:
    assert (weekly.id, weekly.url) == ("https://loden.example/?p=12", "https://loden.example/tax")
    assert weekly.headline == "Tax & rebate pass"
    assert (weekly.byline, weekly.provider, weekly.language) == (
        "Kari Weld",
        "Loden Weekly",
        "en-GB",
    )
    assert weekly.first_created == datetime(2024, 5, 3, 7, 30, tzinfo=UTC)
    assert weekly.version_created == datetime(2024, 5, 4, 8, tzinfo=UTC)
    assert weekly.pub_status is PubStatus.USABLE
    assert weekly.extra["description"] == "Nine hours of debate."


def test_categories_are_subjects_and_tags_are_keywords(weekly: Draft) -> None:
    assert weekly.section == "Politics"
    assert weekly.subjects == [Subject(qcode="politics", name="Politics")]
    assert weekly.keywords == ["Carbon tax & rebate"]


def test_blank_lines_part_paragraphs_and_shortcodes_are_none(weekly: Draft) -> None:
    assert [(block.kind, block.text) for block in weekly.body] == [
        ("paragraph", "Parliament passed a carbon tax [sic] on Friday."),
        ("crosshead", "Long night"),
        ("paragraph", "The debate took nine hours."),
        ("paragraph", "It ended at dawn."),
    ]


def test_pictures_are_captions_where_the_post_shows_them(weekly: Draft) -> None:
    assert weekly.captions == [
        Caption(text="The chamber at dawn."),
        Caption(text="Deputies asleep."),
    ]


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ("<wp:status>publish</wp:status>", PubStatus.USABLE),
        ("", PubStatus.USABLE),
        ("<wp:status>draft</wp:status>", PubStatus.WITHHELD),
        ("<wp:status>private</wp:status>", PubStatus.WITHHELD),
        ("<wp:status>trash</wp:status>", PubStatus.WITHHELD),
        ("<wp:status>a-plugins-own</wp:status>", PubStatus.WITHHELD),
        (
            "<wp:status>publish</wp:status><wp:post_password>x</wp:post_password>",
            PubStatus.WITHHELD,
        ),
    ],
)
def test_what_was_never_published_is_withheld(more: str, status: PubStatus) -> None:
    assert only(export(post(more=more))).pub_status is status


def test_a_scheduled_post_is_held_until_its_date() -> None:
    draft = only(export(post(more="<wp:status>future</wp:status>")))
    assert draft.embargoed_until == datetime(2024, 5, 3, 7, 30, tzinfo=UTC)
    assert draft.pub_status is PubStatus.USABLE


@pytest.mark.parametrize(
    ("dates", "expected", "without_zone"),
    [
        (
            "<wp:post_date_gmt>0000-00-00 00:00:00</wp:post_date_gmt>"
            "<pubDate>Fri, 03 May 2024 09:30:00 +0200</pubDate>",
            datetime(2024, 5, 3, 7, 30, tzinfo=UTC),
            False,
        ),
        (
            "<wp:post_date>2024-05-03 09:30:00</wp:post_date>",
            datetime(2024, 5, 3, 9, 30, tzinfo=UTC),
            True,
        ),
        ("<wp:post_date>0000-00-00 00:00:00</wp:post_date>", None, False),
    ],
)
def test_the_date_is_the_best_that_is_stated(
    dates: str, expected: datetime | None, without_zone: bool
) -> None:
    dated = post().replace("<wp:post_date_gmt>2024-05-03 07:30:00</wp:post_date_gmt>", dates)
    draft = only(export(dated))
    assert draft.first_created == draft.version_created == expected
    assert ("dates_without_zone" in draft.extra) is without_zone


def test_a_bad_post_is_a_failure_and_its_neighbours_go_through() -> None:
    parsed = read(export(post(1), post(2, title=""), post(3, text="[gallery]"), post(4)))
    assert [draft.id for draft in parsed.drafts] == [
        "https://loden.example/?p=1",
        "https://loden.example/?p=4",
    ]
    assert [(one.entry, type(one.error)) for one in parsed.failures] == [
        ("https://loden.example/?p=2", NoHeadline),
        ("https://loden.example/?p=3", NoArticle),
    ]


def test_what_stands_before_the_cut_of_an_export_goes_through() -> None:
    parsed = read(export(post(1), post(2))[:-60])
    assert [draft.id for draft in parsed.drafts] == ["https://loden.example/?p=1"]
    (failure,) = parsed.failures
    assert (failure.entry, type(failure.error)) == ("the rest of the export", MalformedInput)
    assert "\n" not in str(failure.error)


def test_an_export_that_is_cut_before_its_first_post_is_malformed() -> None:
    with pytest.raises(MalformedInput, match=r"a WordPress export that isn't well formed: .*cut"):
        read(HEAD + "<item><title>A")


def test_an_export_without_posts_has_no_article() -> None:
    with pytest.raises(NoArticle, match="a WordPress export without a post"):
        read(export())


@pytest.mark.parametrize(
    ("items", "words"),
    [
        ("<item/>" * 200_001, "a WordPress export of 200,001 items, over the limit of 200,000"),
        (post(text="x " * 6_000_000), "with a post like no other: .*(too long|too big)"),
    ],
)
def test_more_than_any_export_has_is_refused(items: str, words: str) -> None:
    with pytest.raises(InputTooLarge, match=words):
        read(export(items))


def test_entities_are_not_expanded() -> None:
    bomb = "<!DOCTYPE rss [<!ENTITY a 'x'><!ENTITY b '&a;&a;'>]>"
    with pytest.raises(MalformedInput, match="made of other entities"):
        read(bomb + export(post(text="&b;")))


def test_many_posts_take_memory_in_proportion_to_their_stories() -> None:
    def peak(count: int) -> int:
        # Comments are most of a real export, and none of them is kept.
        comments = (
            f"<wp:comment><wp:comment_content>{'x' * 20_000}</wp:comment_content></wp:comment>"
        )
        data = export(*(post(number, comments) for number in range(count))).encode()
        tracemalloc.start()
        parsed = parse(data, uri="x")
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert len(parsed.drafts) == count
        return size

    peak(10)
    assert peak(200) < 3 * peak(100)
