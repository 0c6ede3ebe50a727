"""What a desk writes to other desks, in texts, pages and feeds: none of it is body."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from newswire.errors import NoArticle
from newswire.formats import parse
from newswire.formats.desk import signals
from newswire.formats.lines.line import Line, read_lines
from newswire.stories.draft import Draft
from newswire.stories.finish import finish
from newswire.stories.model import Block, PubStatus
from tests.factories import a_raw_reference

HEADLINE = "Council votes to close the harbour road to lorries"
LEAD = "The council of the harbour town voted on Monday to close the road to lorries, after a year."
MORE = "The mayor said that nobody would be ruined, and that the noise would end at last."
UNTIL = datetime(2027, 5, 3, 0, 1, tzinfo=UTC)
EMBARGO = "EMBARGOED UNTIL 0001 GMT, Monday 3 May 2027"


def read(text: str) -> Draft:
    (draft,) = parse(text.encode(), uri="story.txt").drafts
    return draft


def body(draft: Draft) -> list[str]:
    return [block.text for block in draft.body]


@pytest.mark.parametrize(
    "text",
    [
        f"{EMBARGO}\n\n{HEADLINE}\n\n{LEAD}\n\n{MORE}",
        f"EMBARGOED UNTIL\n0001 GMT, Monday 3 May 2027\n\n{HEADLINE}\n\n{LEAD}\n\n{MORE}",
        f"{HEADLINE}\n\n*** {EMBARGO} ***\n\n{LEAD}\n\n{MORE}",
        f"{HEADLINE}\n\n{LEAD}\n\n{EMBARGO}\n\n{MORE}",
        f"{HEADLINE}\n\n{LEAD}\n\n{MORE}\n\nENDS\n\n{EMBARGO}",
        f"NOTE TO EDITORS: the embargo ends at 0001 GMT on 3 May 2027\n\n{HEADLINE}\n\n{LEAD}\n\n"
        f"{MORE}",
    ],
)
def test_an_embargo_anywhere_in_a_text_is_the_storys_and_not_its_body(text: str) -> None:
    draft = read(text)
    assert draft.embargoed_until == UNTIL
    assert draft.pub_status is PubStatus.USABLE
    assert (draft.headline, body(draft)) == (HEADLINE, [LEAD, MORE])


@pytest.mark.parametrize(
    "line",
    ["EMBARGO: see advisory", "Not for release until 6 a.m. EST", "Hold for release",
     "ADVANCE for Sunday", "NOTE TO EDITORS: this is under embargo"],
)  # fmt: skip
def test_an_embargo_that_cannot_be_read_withholds_all_that_the_story_says(line: str) -> None:
    draft = read(f"{line}\n\n{HEADLINE}\n\n{LEAD}\n\n{MORE}")
    assert draft.pub_status is PubStatus.WITHHELD
    said = finish(draft, a_raw_reference()).model_dump_json()
    assert "harbour" not in said
    assert line not in said
    assert signals.WITHHELD_NOTE in said


def test_one_embargo_that_cannot_be_read_withholds_beside_one_that_can() -> None:
    draft = read(f"{EMBARGO}\nNOT FOR PUBLICATION\n\n{HEADLINE}\n\n{LEAD}")
    assert draft.pub_status is PubStatus.WITHHELD


def test_of_two_embargoes_the_later_holds() -> None:
    later = "EMBARGOED UNTIL 0900 GMT, Monday 3 May 2027"
    draft = read(f"{later}\n{EMBARGO}\n\n{HEADLINE}\n\n{LEAD}")
    assert draft.embargoed_until == UNTIL + timedelta(hours=8, minutes=59)


def test_a_story_about_an_embargo_is_published() -> None:
    text = "Embargo on Norland's oil until 2030 splits the senate"
    draft = read(f"{text}\n\nThe oil embargo until 2030 {LEAD[4:]}\n\nEMBARGO\n\n{MORE}")
    assert (draft.pub_status, draft.embargoed_until) == (PubStatus.USABLE, None)
    assert draft.headline == text
    assert len(draft.body) == 3


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("(Editors: adds quotes from the mayor)", "adds quotes from the mayor"),
        ("Eds: Updates with vote. With photos.", "Updates with vote. With photos."),
        ("Editor's note: An earlier version had a wrong date.",
         "An earlier version had a wrong date."),
        ("*** EDITORS: telephone the newsdesk on 020 7946 0123 ***", None),
        ("(Editors: ring Jo Park on +44 1632 960123)", None),
        ("(Editors: pictures at pictures@harbour.example)", None),
        ("NOTE TO EDITORS: Jo Park can be had for interviews. ENDS", None),
        ("(Editors: not for publication, the mayor is ill)", None),
    ],
)  # fmt: skip
@pytest.mark.parametrize("above", [True, False])
def test_a_note_to_editors_is_no_body_and_kept_only_where_it_may_be_published(
    line: str, kept: str | None, above: bool
) -> None:
    parts = [line, HEADLINE, LEAD, MORE] if above else [HEADLINE, LEAD, line, MORE]
    draft = read("\n\n".join(parts))
    assert (draft.headline, body(draft)) == (HEADLINE, [LEAD, MORE])
    assert draft.ednote == kept


def test_a_note_in_brackets_may_go_over_several_lines() -> None:
    draft = read(f"{HEADLINE}\n\n{LEAD}\n\n(Editors: adds the vote,\nand a quote)\n\n{MORE}")
    assert body(draft) == [LEAD, MORE]
    assert draft.ednote == "adds the vote, and a quote"


@pytest.mark.parametrize(
    "bottom",
    [
        "ENDS\n\nJo Park, 01632 960123",
        "-ends-\n\nThe harbour board is a body of nine members, whom the council elects.",
        "###\n\nAbout the harbour board\n\nIt has nine members.",
        "Contact:\nJo Park\nTel: +44 1632 960123\njo@harbour.example",
        "Media contacts:\n\nJo Park, head of the press office of the harbour board, 01632 960123.",
        "For further information, please contact Jo Park on 01632 960123.",
        "Notes to editors\n\n1. The harbour board has nine members, whom the council elects.",
        "# Notebook\n\n## Internet links\n\n- the board: harbour.example",
        "# dpa-Notizblock\n\n## Ansprechpartner\n\n- Jo Park, +49 30 123456789",
        "The following information is not intended for publication\n\nJo Park, 01632 960123",
        "Tel: 01632 960123",
    ],
)
def test_what_stands_below_the_end_of_the_copy_is_dropped(bottom: str) -> None:
    draft = read(f"{HEADLINE}\n\n{LEAD}\n\n{MORE}\n\n{bottom}")
    assert body(draft) == [LEAD, MORE]
    assert (draft.ednote, draft.extra) == (None, {})


def test_a_block_of_notes_that_ends_within_the_story_leaves_the_rest() -> None:
    note = "NOTE TO EDITORS:\nPictures can be had.\nENDS"
    assert body(read(f"{note}\n\n{HEADLINE}\n\n{LEAD}\n\n{MORE}")) == [LEAD, MORE]
    assert body(read(f"{HEADLINE}\n\n{LEAD}\n\n{note}\n\n{MORE}")) == [LEAD, MORE]


def test_a_block_of_notes_above_the_story_does_not_swallow_it() -> None:
    draft = read(f"NOTE TO EDITORS:\n\nPictures can be had.\n\n{HEADLINE}\n\n{LEAD}\n\nENDS")
    assert (draft.headline, body(draft)) == (HEADLINE, [LEAD])


@pytest.mark.parametrize("line", ["The strike ends", "30", "Editors resign", "Contact sport"])
def test_a_line_of_a_story_that_looks_like_the_desks_stays(line: str) -> None:
    assert body(read(f"{HEADLINE}\n\n{LEAD}\n\n{line}\n\n{MORE}")) == [LEAD, line, MORE]


def test_a_page_and_a_feed_are_read_by_the_same_rules() -> None:
    note = "(Editors: adds quotes)"
    paragraphs = "".join(f"<p>{text}</p>" for text in (EMBARGO, note, LEAD, MORE, MORE[:-1] + "!"))
    page = f"<html><title>{HEADLINE}</title><body><article>{paragraphs}</article></body></html>"
    escaped = paragraphs.replace("<", "&lt;")
    item = f"<item><title>{HEADLINE}</title><description>{escaped}</description></item>"
    feed = f'<rss version="2.0"><channel><title>W</title>{item}</channel></rss>'
    for document in (page, feed):
        draft = read(document)
        assert draft.embargoed_until == UNTIL
        assert draft.ednote == "adds quotes"
        assert body(draft) == [LEAD, MORE, MORE[:-1] + "!"]


def test_an_embargo_in_a_headline_counts() -> None:
    draft = Draft(headline=f"{EMBARGO}: {HEADLINE}", body=[Block(text=LEAD)])
    signals.apply(draft)
    assert draft.embargoed_until == UNTIL


def test_a_body_of_nothing_but_notes_is_no_article_and_nothing_of_it_is_quoted() -> None:
    draft = Draft(headline=HEADLINE, body=[Block(text=EMBARGO)])
    with pytest.raises(NoArticle) as caught:
        signals.apply(draft)
    assert "harbour" not in str(caught.value)


def test_each_line_is_looked_at_a_fixed_number_of_times(monkeypatch: pytest.MonkeyPatch) -> None:
    looked = 0
    end_mark = signals.ednotes.end_mark

    def counted(line: str) -> bool:
        nonlocal looked
        looked += 1
        return end_mark(line)

    monkeypatch.setattr(signals.ednotes, "end_mark", counted)
    lines: list[Line] = read_lines(f"{LEAD}\n\n" + "NOTE TO EDITORS: a\n\n(Editors: b\n\n" * 500)
    signals.sift(lines)
    assert looked <= 2 * len(lines)


WORDS = (
    "a note notes to for the news eds editors under embargo strictly until not publication release "
    "before use broadcast no lifted immediate information please contact call this following is "
    "all press media general enquiries tel: +44 20 7946 0018 adv 5 May 2027 10:00 GMT hold ap dpa "
    "notizblock redaktionelle hinweise an die redaktionen ENDS 30 sperrfrist sous Jo said sport "
    "desk office : ( ) [ * - “ . , noon embargoed EMBARGOED FOR RELEASE UNTIL"
).split()


def test_what_is_not_looked_at_for_its_first_word_is_nothing_of_the_desks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chance = random.Random(1312)
    copies = [
        [Line(" ".join(chance.choices(WORDS, k=chance.randint(1, 9))), apart=True) for _ in "abc"]
        for _ in range(1_500)
    ]
    sifted = [signals.sift(copy) for copy in copies]
    monkeypatch.setattr(signals, "_may_speak", lambda text: True)
    assert sifted == [signals.sift(copy) for copy in copies]
    assert sum(len(found.kept) < 3 for found in sifted) > 100
