"""Text as copied from an aggregator's page, and plain text."""

from __future__ import annotations

from pathlib import Path

import pytest

from newswire.config import ROOT
from newswire.errors import InputTooLarge, NoArticle, NoHeadline
from newswire.formats import parse
from newswire.stories.draft import Draft
from newswire.stories.model import Caption

DATA = Path(__file__).parent / "data" / "formats"
SEED = ROOT.parent / "shared" / "stories" / "putin-mobilisation.txt"


def read(data: bytes | str) -> Draft:
    parsed = parse(data.encode() if isinstance(data, str) else data, uri="story.txt")
    assert parsed.format == "text"
    (draft,) = parsed.drafts
    return draft


def fixture(name: str) -> Draft:
    return read((DATA / name).read_bytes())


def kinds(draft: Draft, kind: str) -> list[str]:
    return [block.text for block in draft.body if block.kind == kind]


def credits(draft: Draft) -> list[tuple[str, str]]:
    return [(one.role, one.name) for one in draft.contributors]


def copied_lines(path: Path) -> list[str]:
    return [line.strip() for line in path.read_text("utf-8").splitlines() if line.strip()]


@pytest.mark.parametrize("path", [SEED, DATA / "inkl_whole.txt"], ids=["real", "invented"])
def test_a_page_copied_from_an_aggregator_comes_out_clean(path: Path) -> None:
    if not path.exists():
        pytest.skip(f"the story is not here: {path}")
    lines = copied_lines(path)
    outlet = next(i for i, line in enumerate(lines) if line == lines[i + 1])
    byline = next(i for i, line in enumerate(lines) if line.startswith("By "))
    picture = next(i for i, line in enumerate(lines) if line.startswith("FILE PHOTO:"))
    sign_off = next(i for i, line in enumerate(lines) if line.startswith("(Reporting by "))
    draft = read(path.read_bytes())
    assert (draft.provider, draft.section) == (lines[outlet], lines[outlet + 2])
    assert (draft.byline, draft.headline) == (lines[byline], lines[byline + 1])
    (caption,) = draft.captions
    assert f"{caption.text} {caption.credit}" == lines[picture]
    assert caption.text.endswith(".")
    assert caption.credit is not None
    assert caption.credit.endswith("via REUTERS")
    body = lines[picture + 1 : sign_off]
    assert [block.text for block in draft.body] == body
    assert kinds(draft, "crosshead") == [line for line in body if line.isupper()]
    assert len(kinds(draft, "crosshead")) == 1
    assert draft.extra == {"sign_off": lines[sign_off]}
    assert [role for role, _ in credits(draft)] == ["reporting", "editing"]
    assert credits(draft)[0][1] == lines[byline].removeprefix("By ")
    assert f"Editing by {credits(draft)[1][1]})" in lines[sign_off]


def test_the_seed_story_is_the_same_on_single_lines_with_windows_ends() -> None:
    if not SEED.exists():
        pytest.skip(f"the story is not here: {SEED}")
    text = SEED.read_text("utf-8")
    lines = [line for line in text.split("\n") if line.strip()]
    assert read("\r\n".join(lines)) == read(text)


def test_a_page_without_a_section_keeps_its_outlet_and_a_byline_in_capitals() -> None:
    draft = fixture("inkl_ap_no_section.txt")
    assert (draft.provider, draft.section) == ("AP", None)
    assert draft.byline == "JOAN VELLER and PIET OSTERMAN"
    assert draft.dateline == "HALVERHAVEN, Norland (AP) —"
    assert draft.located == "HALVERHAVEN, Norland"
    assert draft.body[0].text.startswith("Voters in the harbour town")
    assert draft.captions == [
        Caption(
            text="FILE - Coal barges wait off the pier at Halverhaven on Tuesday, Oct. 4, 2022.",
            credit="AP Photo/Mira Tolland, File",
        )
    ]
    assert credits(draft) == [("reporting", "Lena Marsh"), ("reporting", "Tom Quill")]


def test_speech_in_capitals_is_body_and_a_crosshead_in_capitals_is_one() -> None:
    draft = fixture("inkl_ap_no_section.txt")
    assert kinds(draft, "crosshead") == ["WHAT HAPPENS TO THE WORKERS"]
    assert draft.body[-1].text.startswith('"NOBODY ASKED US,"')
    assert draft.body[-1].kind == "paragraph"


def test_a_headline_above_the_byline_and_a_standfirst_are_read() -> None:
    draft = fixture("guardian_headline_first.txt")
    assert draft.headline is not None
    assert draft.headline.startswith("Ministers split over plan")
    assert draft.extra["standfirst"] == (
        "Teachers back the scheme but doctors in the north warn of a shortage of nurses"
    )
    assert draft.byline == "Marta Ellingham Health correspondent"
    assert draft.version_created is not None
    assert draft.version_created.isoformat() == "2023-10-03T05:00:00+00:00"


def test_short_paragraphs_and_sentences_that_begin_like_buttons_stay_in_the_body() -> None:
    draft = fixture("guardian_headline_first.txt")
    paragraphs = kinds(draft, "paragraph")
    assert "It is not the first time." in paragraphs
    assert any(text.startswith("Sign in to the register is required") for text in paragraphs)
    assert paragraphs[-1].startswith("The cabinet meets on Thursday.")


def test_crossheads_may_be_quoted_or_be_questions() -> None:
    draft = fixture("guardian_headline_first.txt")
    assert kinds(draft, "crosshead") == ["‘A shortage nobody planned for’", "What happens next?"]


def test_windows_line_ends_and_no_byline_are_read() -> None:
    draft = fixture("reuters_crlf_no_byline.txt")
    assert (draft.provider, draft.section, draft.byline) == ("Reuters", "World", None)
    assert (draft.dateline, draft.located) == ("LODEN, March 14 (Reuters) -", "LODEN")
    assert draft.body[0].text.startswith("The supreme court of Norland")
    assert draft.body[-1].text.endswith('"a relic that shames the republic".')
    assert [role for role, _ in credits(draft)] == [
        "reporting", "reporting", "reporting", "writing", "editing", "editing",
    ]  # fmt: skip


def test_paragraphs_on_single_lines_and_a_credit_above_its_caption_are_read() -> None:
    draft = fixture("bbc_single_newlines.txt")
    assert draft.headline == "Carbon tax: Hauliers block roads in three provinces"
    assert (draft.provider, draft.byline) == ("BBC News", "By Nell Ashby")
    assert draft.captions == [
        Caption(text="Lorries stood for miles outside Carrow on Monday", credit="Getty Images")
    ]
    assert draft.body[0].text.startswith("Hauliers have blocked")
    assert draft.body[-1].text == '"Those who burn most pay most," he told the chamber.'
    assert draft.extra["dates_without_zone"] == ["first_created"]


def test_initials_of_the_desk_and_a_copyright_line_are_not_body() -> None:
    draft = fixture("afp_no_caption.txt")
    assert (draft.provider, draft.byline) == ("AFP", "By Odile Maron")
    assert draft.dateline == "Savelle (AFP) –"
    assert draft.body[-1].text == "A vote is due in June, the speaker's office said."
    assert draft.extra["sign_off"] == "om-jd/tgb/ach"
    assert draft.captions == []


def test_plain_text_broken_at_a_fixed_width_is_joined_to_paragraphs() -> None:
    draft = fixture("plain.txt")
    assert draft.headline == "Sluice keepers ask for a second winter of mobilisation pay"
    assert len(draft.body) == 3
    assert draft.body[1].text.startswith('"We do the work of three," said Berit Holm')
    assert draft.body[1].text.endswith('but not for nothing."')


HEAD = "Norland Herald\nNorland Herald\n\nCouncil votes to close the harbour road\n\n"
LONG = "The council of the harbour town voted on Monday to close the road to lorries, after a year."


def test_an_outlet_that_nobody_knows_is_known_by_standing_twice() -> None:
    assert read(f"{HEAD}{LONG}").provider == "Norland Herald"


def test_an_offer_in_the_midst_of_the_body_does_not_end_it() -> None:
    draft = read(
        f"{HEAD}{LONG}\n\nSign up for our First Edition newsletter\n\n"
        "The mayor spoke in favour.\n\nThe hauliers spoke against it.\n\nSign in"
    )
    assert [block.text for block in draft.body] == [
        LONG, "The mayor spoke in favour.", "The hauliers spoke against it.",
    ]  # fmt: skip


def test_a_box_of_other_stories_above_the_sign_off_is_left_out() -> None:
    draft = read(
        f"{HEAD}{LONG}\n\nRelated Stories\nFerry line cuts its timetable\n\n{LONG} Or so it hoped, "
        "said the mayor of the town.\n\n(Reporting by Bo Lind)\n\nOur Picks\nMore of the same here"
    )
    assert len(draft.body) == 2
    assert credits(draft) == [("reporting", "Bo Lind")]


def test_short_lines_at_the_end_of_a_pasted_page_are_dropped() -> None:
    draft = read(f"{HEAD}{LONG}\n\nHarbours\nNorland\nHow the road was built")
    assert len(draft.body) == 1


def test_a_list_in_the_body_holds_no_crossheads() -> None:
    draft = read(f"{HEAD}{LONG}\n\nFor the road\n\nAgainst the road\n\n{LONG}")
    assert kinds(draft, "crosshead") == []


def test_text_that_begins_with_its_body_has_no_headline() -> None:
    with pytest.raises(NoHeadline, match="without a headline"):
        read(f"{LONG}\n\n{LONG}")


@pytest.mark.parametrize("text", ["Only a headline and nothing else", "a,b,c\n1,2,3\n"])
def test_text_without_a_sentence_is_no_article(text: str) -> None:
    with pytest.raises(NoArticle):
        read(text)


def test_a_script_without_spaces_is_read() -> None:
    draft = read(
        "议会以两票之差通过碳税法案引发争议\n\n议会周五以两票之差通过了碳税法案。\n\n反对党表示将废除该法案。"
    )
    assert draft.headline == "议会以两票之差通过碳税法案引发争议"
    assert len(draft.body) == 2


def test_a_text_longer_than_any_story_is_refused_unread() -> None:
    with pytest.raises(InputTooLarge, match="for one story"):
        read(f"{HEAD}" + f"{LONG}\n\n" * 15_000)


def test_control_characters_do_not_reach_a_draft() -> None:
    draft = read(f"{HEAD}A bell\x07 and a NUL\x00 rang in the harbour\u00ad of Norland.")
    assert draft.body[0].text == "A bell and a NUL rang in the harbour of Norland."
