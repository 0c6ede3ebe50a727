"""What is doubtful about a story is marked with its reason, and nothing about it is changed."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from newswire.formats import parse
from newswire.ingest.drafts import with_believable_dates
from newswire.stories.finish import finish
from newswire.stories.identity import fingerprint
from newswire.stories.model import Block, ItemType, PubStatus, Story
from newswire.stories.quality import CLOCKS_DIFFER, Reason
from tests.factories import NOON, a_draft, a_raw_reference

ENGLISH = (
    "Harbour pilots in Brindle Bay voted on Friday to end a strike of nine days, their union said.",
    "Ships were moving again by noon, and the port expects to clear the queue within a week.",
    "Shipping lines had called the strike reckless and asked the government to step in.",
)
DANISH = (
    "Lodserne i Brindle Bay stemte fredag for at afslutte ni dages strejke, oplyste fagforeningen.",
    "Skibene sejlede igen ved middagstid, og havnen venter at have afviklet køen inden for en uge.",
    "Rederierne kaldte strejken uansvarlig og havde bedt regeringen om at gribe ind i sagen.",
)
RAW = a_raw_reference(archived_at=NOON)


def story(*paragraphs: str, **differs: Any) -> Story:
    body = [Block(text=text) for text in paragraphs or ENGLISH]
    draft = a_draft(**({"language": "en", "body": body} | differs))
    return finish(with_believable_dates(draft, NOON), RAW)


def marks(made: Story) -> dict[str, str]:
    return {mark.reason: mark.detail for mark in made.quality}


def test_a_story_without_fault_has_no_mark() -> None:
    assert story().quality == ()


def test_a_story_without_a_date_says_that_it_has_the_time_of_its_fetch() -> None:
    made = story(version_created=None)
    assert marks(made) == {
        Reason.DATE_MISSING: "no date: it has that of its fetch, 2024-05-17 12:00 UTC"
    }
    assert made.version_created == RAW.archived_at


def test_a_date_that_could_not_be_read_is_quoted() -> None:
    made = story(version_created=None, extra={"date_unreadable": "a week last Tuesday"})
    assert marks(made)[Reason.DATE_UNREADABLE] == "stated as 'a week last Tuesday'"
    assert marks(made)[Reason.DATE_MISSING].startswith("no date that can be read")


def test_a_date_without_a_zone_is_marked() -> None:
    made = story(extra={"dates_without_zone": ["version_created"]})
    assert marks(made) == {
        Reason.DATE_WITHOUT_ZONE: "version_created: without a time zone, taken as UTC"
    }


def test_a_date_ahead_of_the_arrival_is_marked_and_kept() -> None:
    ahead = NOON + timedelta(hours=3)
    made = story(version_created=ahead)
    assert marks(made) == {
        Reason.DATE_IN_FUTURE: "version_created: 2024-05-17 15:00+00:00, "
        "but it arrived at 2024-05-17 12:00+00:00"
    }
    assert made.version_created == ahead
    assert story(version_created=NOON + CLOCKS_DIFFER).quality == ()


def test_a_date_that_is_not_believed_is_marked_with_what_it_was() -> None:
    future = marks(story(version_created=NOON.replace(year=2999)))
    assert set(future) == {Reason.DATE_MISSING, Reason.DATE_IN_FUTURE, Reason.DATE_UNBELIEVABLE}
    assert (
        future[Reason.DATE_UNBELIEVABLE] == "version_created: 2999-05-17T12:00:00+00:00, not taken"
    )
    no_utc = datetime(9999, 12, 31, 23, tzinfo=timezone(-timedelta(hours=5)))
    assert Reason.DATE_IN_FUTURE in marks(story(version_created=no_utc))
    past = marks(story(first_created=NOON.replace(year=1601)))
    assert set(past) == {Reason.DATE_UNBELIEVABLE}


def test_a_language_that_is_declared_wrong_is_marked_and_kept() -> None:
    made = story(*DANISH)
    assert set(marks(made)) == {Reason.LANGUAGE_MISMATCH}
    assert marks(made)[Reason.LANGUAGE_MISMATCH].startswith("declared as en, the body reads as da")
    assert made.language == "en"
    assert story(*DANISH, language="da-DK").quality == ()


def test_a_language_that_is_not_declared_is_marked_with_what_the_body_reads_as() -> None:
    assert marks(story(language=None))[Reason.LANGUAGE_MISSING].startswith(
        "none is declared; the body reads as en ("
    )
    assert marks(story(ENGLISH[0][:150], language=None)) == {
        Reason.LANGUAGE_MISSING: "none is declared; the body doesn't tell"
    } | {Reason.BODY_SHORT: "93 characters"}


@pytest.mark.parametrize("declared", ["mul", "zxx", "en-GB", "EN"])
def test_what_the_detector_cannot_know_better_is_not_marked(declared: str) -> None:
    assert story(language=declared).quality == ()


def test_a_body_of_the_headline_and_a_short_one_are_marked() -> None:
    assert set(marks(story("PILOTS END STRIKE..."))) >= {Reason.BODY_EMPTY}
    assert marks(story("They voted at noon.")) == {Reason.BODY_SHORT: "19 characters"}


@pytest.mark.parametrize(
    ("end", "seen"),
    [
        ("the port expects to clear the queue ...", "ends with '...'"),
        ("the port expects to clear the queue […]", "ends with '[…]'"),
        ("the port expects […] Continue reading »", "ends with '[…] Continue reading »'"),
        ("the port expects to clear… [+1834 chars]", "ends with '[+1834 chars]'"),
        ("the port expects to clear the queue. (MORE)", "ends with '(MORE)'"),
        (
            "the port, which is the largest on the coast, expects to clear the queue within",
            "breaks off at 'ts to clear the queue within'",
        ),
    ],
)
def test_a_body_that_was_cut_is_marked_with_how_it_ends(end: str, seen: str) -> None:
    made = story(*ENGLISH, f"In the evening {end}")
    assert set(marks(made)) == {Reason.BODY_TRUNCATED}
    assert marks(made)[Reason.BODY_TRUNCATED].endswith(seen[-20:])
    assert made.body[-1].text.endswith(end)


@pytest.mark.parametrize(
    "last",
    [
        "“We did not get all that we asked for,” said the union's Mara Quill. “But the port ...”",
        "Editing by Otto Lamb, with Ada Fenwick in Brindle Bay and Ines Holt",
        "The strike began nine days ago, after talks about pay and rest had failed. EXW",
        "The strike began nine days ago, after talks about pay and rest had failed: 204.925.5914",
    ],
)
def test_a_signature_at_the_end_is_no_cut(last: str) -> None:
    assert story(*ENGLISH, last).quality == ()


def test_lists_and_scripts_without_full_stops_are_not_cut() -> None:
    lines = [text.rstrip(".") for text in ENGLISH]
    assert story(*lines).quality == ()


def misread(text: str, charset: str) -> str:
    return text.encode("utf-8").decode(charset)


RUSSIAN = "Лоцманы в заливе проголосовали в пятницу за прекращение забастовки, сообщил профсоюз."


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        ("Léa Fournière said that the café’s crème brûlée was not on strike, yet.", "cp1252"),
        ("The pilots’ union said so in a letter to the port’s owners, and to others.", "cp1252"),
        (RUSSIAN.replace("И", "и"), "cp1251"),
    ],
)  # fmt: skip
def test_text_that_was_read_in_another_character_set_is_marked_and_kept(
    text: str, charset: str
) -> None:
    wrong = misread(text, charset)
    made = story(*ENGLISH, wrong)
    assert Reason.MOJIBAKE in marks(made)
    assert made.body[-1].text == wrong
    assert Reason.MOJIBAKE not in marks(story(*ENGLISH, text))


@pytest.mark.parametrize(
    "text",
    [
        "« ON NE FERME PAS LE CAFÉ» dit l’affiche que les pilotes ont collée sur la porte du port.",
        "São Paulo, Málaga, Århus, Łódź, Çanakkale and Þingvellir sent their “regards” — and £50.",
        RUSSIAN,
    ],
)
def test_text_beyond_ascii_is_no_mojibake(text: str) -> None:
    assert Reason.MOJIBAKE not in marks(story(*ENGLISH, text))


def test_a_character_set_that_was_guessed_is_marked() -> None:
    sentence = "Les pilotes de la baie ont voté vendredi pour la fin de la grève, là-bas."
    latin = "\n\n".join(["La grève des pilotes est finie", *[sentence] * 3])
    for data, expected in (
        (latin.encode("cp1252"), ["none is declared, read as cp1252"]),
        (latin.encode(), []),
    ):
        parsed = parse(data, uri="file:x", declared=None)
        made = finish(parsed.drafts[0], RAW)
        found = [mark.detail for mark in made.quality if mark.reason == Reason.CHARSET_GUESSED]
        assert found == expected
    declared = parse(latin.encode("cp1252"), uri="file:x", declared="text/plain; charset=cp1252")
    assert Reason.CHARSET_GUESSED not in marks(finish(declared.drafts[0], RAW))
    mailed = story(extra={"mail": {"charset_wrong": "us-ascii"}})
    assert marks(mailed) == {Reason.CHARSET_GUESSED: "declared as us-ascii, which it isn't in"}


def test_characters_that_were_lost_are_counted() -> None:
    assert marks(story(*ENGLISH, "The caf\ufffd stayed open, and so did the cr\ufffdche.")) == {
        Reason.CHARACTERS_LOST: "2 of U+FFFD"
    }


def test_nuls_within_a_document_are_counted_and_those_behind_its_end_are_not() -> None:
    text = (
        b"Pilots end strike\n\n" + b"The pilots voted on Friday to sail again.\n\n" * 9 + b"bay\n"
    )
    for data, expected in (
        (text.replace(b"bay", b"b\0ay"), ["1 in its document, none of them kept"]),
        (text + b"\0" * 2, []),
    ):
        made = finish(parse(data, uri="file:x").drafts[0], RAW)
        found = [mark.detail for mark in made.quality if mark.reason == Reason.NULS_DROPPED]
        assert (found, "\0" in made.text) == (expected, False)


def test_what_is_no_text_is_not_judged_as_text_and_what_is_withdrawn_not_at_all() -> None:
    picture = story(type=ItemType.PICTURE, language=None, version_created=None)
    assert set(marks(picture)) == {Reason.DATE_MISSING}
    for status in (PubStatus.CANCELED, PubStatus.WITHHELD):
        assert story(pub_status=status, version_created=None).quality == ()


def test_marks_alone_make_no_other_copy() -> None:
    made = story("They voted at noon.")
    assert fingerprint(made) == fingerprint(made.model_copy(update={"quality": ()}))
