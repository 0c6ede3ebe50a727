"""IPTC 7901: header, block of the headline, text, trailer; several transmissions in a file."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime

import pytest

from newswire.errors import InputTooLarge, MalformedInput, NoArticle, ParseError
from newswire.formats import Parsed, parse
from newswire.formats.base.document import Document
from newswire.formats.iptc_7901 import parse as parse_7901
from newswire.formats.wire import openings
from newswire.stories.draft import Draft, identity
from newswire.stories.model import PubStatus

TEXT = """\
   Norvik (vna) - Fishermen in the northern port of Norvik voted on Tuesday
to end a strike that had kept the fleet in harbour for a month.

   "We have what we came for," said their speaker, Ana Lindqvist, after
the count.
"""


def transmission(
    header: str = "vna0412 3 e 211  vna 0409",
    block: str = "Norvik fleet to sail again after vote ends strike =",
    text: str = TEXT,
    trailer: str = "141137 GMT Nov 23",
    slug: str = "Norvik-strike/",
) -> str:
    top = f"\x01{header}\r\n\n{slug}\r\n\x02{block}\r\n\n"
    return f"{top}{text}\r\n\x03{trailer}\r\n\x7f\n\x7f\x04\r\n"


def read(text: str, encoding: str = "utf-8") -> Parsed:
    return parse(text.encode(encoding), uri="file:///drop/vna.txt")


def only(text: str, encoding: str = "utf-8") -> Draft:
    found = read(text, encoding)
    assert (found.format, len(found.drafts), found.failures) == ("iptc-7901", 1, [])
    return found.drafts[0]


def test_header_and_trailer_become_the_fields_of_the_story() -> None:
    draft = only(transmission())
    assert draft.id == "vna0412"
    assert draft.urgency == 3
    assert [subject.qcode for subject in draft.subjects] == ["e"]
    assert draft.slugline == "Norvik-strike"
    assert draft.version_created == datetime(2023, 11, 14, 11, 37, tzinfo=UTC)
    assert draft.provider == "vna"
    assert draft.extra["words"] == 211
    assert draft.headline == "Norvik fleet to sail again after vote ends strike"


def test_lines_broken_at_the_width_of_a_page_are_paragraphs_again() -> None:
    draft = only(transmission())
    assert draft.dateline == "Norvik (vna) -"
    assert [block.text for block in draft.body] == [
        "Norvik (vna) - Fishermen in the northern port of Norvik voted on Tuesday to end a strike "
        "that had kept the fleet in harbour for a month.",
        '"We have what we came for," said their speaker, Ana Lindqvist, after the count.',
    ]


@pytest.mark.parametrize(
    ("start", "dateline", "located"),
    [
        ("Norvik (vna) - The fleet sailed.", "Norvik (vna) -", "Norvik"),
        ("Port Ost (vna xyz) Les marins ont voté.", "Port Ost (vna xyz)", "Port Ost"),
        (
            "Norvik/Ostby (vna/xyz) -- The fleet sailed.",
            "Norvik/Ostby (vna/xyz) --",
            "Norvik/Ostby",
        ),
        ("The union (vna) said that the fleet sailed.", None, None),
        ("Lindqvist (NKP) - the fleet sailed.", None, None),
    ],
)
def test_a_dateline_names_the_agency_in_brackets(
    start: str, dateline: str | None, located: str | None
) -> None:
    draft = only(transmission(text=f"   {start}\n"))
    assert (draft.dateline, draft.located) == (dateline, located)


def test_take_keys_and_byline_stand_in_the_block_of_the_headline() -> None:
    draft = only(transmission(block="REFILE\n2ND LEAD\nFleet to sail again\nBy Jo Holm, vna =  "))
    assert draft.headline == "Fleet to sail again"
    assert draft.byline == "By Jo Holm, vna"
    assert draft.extra["take"] == "REFILE 2ND LEAD"


def test_a_headline_that_had_no_room_on_its_line_goes_on_in_the_next() -> None:
    block = "1ST LEAD\nNorvik fleet to sail again after vote ends the longest strike in\ndecades ="
    draft = only(transmission(block=block))
    assert draft.headline == (
        "Norvik fleet to sail again after vote ends the longest strike in decades"
    )
    assert draft.extra["take"] == "1ST LEAD"


def test_without_its_control_characters_a_transmission_is_read_too() -> None:
    sent = transmission().replace("\n\nNorvik-strike/\r\n\x02", "\n\n/Norvik-strike/\r\n")
    plain = "".join(sign for sign in sent if sign not in "\x01\x02\x03\x04\x7f")
    draft = only(plain)
    assert draft.headline == "Norvik fleet to sail again after vote ends strike"
    assert draft.slugline == "Norvik-strike"
    assert draft.version_created == datetime(2023, 11, 14, 11, 37, tzinfo=UTC)
    assert len(draft.body) == 2


@pytest.mark.parametrize(
    ("trailer", "month", "zoned"),
    [
        ("141137 GMT Okt 23", 10, True),
        ("141137 dec 23", 12, False),
        ("141137 GMT Mär 23", 3, True),
        ("141137 Aoû 23", 8, False),
        ("141137 juil 2023", 7, False),
        ("141137 juin 2023", 6, False),
    ],
)
def test_months_are_read_in_the_languages_of_the_wires(
    trailer: str, month: int, zoned: bool
) -> None:
    draft = only(transmission(trailer=trailer))
    assert draft.version_created == datetime(2023, month, 14, 11, 37, tzinfo=UTC)
    assert ("dates_without_zone" not in draft.extra) is zoned


@pytest.mark.parametrize("trailer", ["311137 GMT Feb 23", "149937 GMT Nov 23", "141137 Xyz 23", ""])
def test_a_trailer_that_is_no_date_leaves_the_story_without_one(trailer: str) -> None:
    draft = only(transmission(trailer=trailer))
    assert draft.version_created is None
    assert draft.headline


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "cp1252"])
def test_the_character_set_is_never_declared_and_found_all_the_same(encoding: str) -> None:
    text = "   Zürich (vna) - Die Fähren fuhren am Dienstag über den See, während es stürmte.\n" * 3
    draft = only(transmission(block="Fähren fahren wieder für alle =", text=text), encoding)
    assert draft.headline == "Fähren fahren wieder für alle"
    assert "während es stürmte" in draft.body[0].text


def test_a_notebook_for_editors_reaches_no_body() -> None:
    notes = (
        "\n# vna NOTEBOOK\r\n\n* * * *\r\nThe following information is not for publication\r\n\n"
        "## vna Contacts\r\n- Reporting by: Jo Holm\r\nTel: +00 30 5550 0199; <desk@vna.example>\n"
        "\nvna jh ln\r\n"
    )
    draft = only(transmission(text=TEXT + notes))
    assert len(draft.body) == 2
    said = f"{draft.body} {draft.ednote}"
    assert "5550" not in said
    assert "Contacts" not in said


def test_the_desks_signature_is_no_paragraph() -> None:
    draft = only(transmission(text=f"{TEXT}\n(VNA\\/jh) \n"))
    assert len(draft.body) == 2
    assert draft.extra["signature"] == "(VNA\\/jh)"


def test_an_embargo_in_the_block_of_the_headline_withholds_or_is_read() -> None:
    told = only(transmission(block="EMBARGOED UNTIL 1200 GMT 20 November 2023\nFleet to sail ="))
    assert told.embargoed_until == datetime(2023, 11, 20, 12, tzinfo=UTC)
    assert told.headline == "Fleet to sail"
    untold = only(transmission(block="SPERRFRIST MITTWOCH MITTAG\nFleet to sail ="))
    assert untold.pub_status is PubStatus.WITHHELD


def test_a_table_keeps_its_rows() -> None:
    table = (
        "Team              P   W   D\nNorvik United    12   9   1\nOstby            12   8   2\n"
    )
    draft = only(transmission(text=f"{TEXT}\n{table}"))
    assert draft.body[-1].kind == "table"
    assert draft.body[-1].text.splitlines()[1] == "Norvik United\t12\t9\t1"


def test_the_same_number_on_another_day_is_another_story() -> None:
    today = only(transmission(trailer="141137 GMT Nov 23"))
    again = only(transmission(trailer="141320 GMT Nov 23", block="Fleet sails ="))
    tomorrow = only(transmission(trailer="151137 GMT Nov 23"))
    assert identity(today) == identity(again)
    assert identity(today) != identity(tomorrow)
    assert today.id == tomorrow.id
    other = only(transmission(header="vna0412 3 e 211  xyz 0409"))
    assert identity(today) != identity(other)


def test_a_kill_withdraws_the_transmission_of_its_day_that_it_names() -> None:
    text = "   Clients are asked to kill vna0412 of today, which was wrong. (See also vna0413.)\n"
    kill = only(
        transmission(
            "vna0420 2 e 20  vna 0417", "BULLETIN KILL\nFleet to sail =", text, "141300 GMT Nov 23"
        )
    )
    assert kill.pub_status is PubStatus.CANCELED
    assert identity(kill) == identity(only(transmission()))
    short = only(transmission("vna0421 2 e 20  vna 0418", "KILL vna0412 Fleet to sail =", text))
    assert (short.pub_status, short.id) == (PubStatus.CANCELED, "vna0412")
    alone = only(transmission("vna0420 2 e 20  vna 0417", "KILL\nFleet to sail ="))
    assert (alone.pub_status, alone.id) == (PubStatus.CANCELED, "vna0420")


@pytest.mark.parametrize(
    "headline",
    [
        "VNA0412 WITHDRAWN", "Storno von vna0412: Fleet to sail", "Please kill vna 0412",
        "ACHTUNG: Bitte vna0412 zurückziehen", "vna-0412 zurückgezogen",
    ],
)  # fmt: skip
def test_a_headline_that_names_the_number_it_withdraws_is_a_kill(headline: str) -> None:
    kill = only(transmission("vna0420 2 e 20  vna 0417", f"{headline} ="))
    assert (kill.pub_status, identity(kill)) == (PubStatus.CANCELED, identity(only(transmission())))


@pytest.mark.parametrize("words", ["ANNULE ET REMPLACE", "ERSETZT", "KILL AND REPLACE"])
def test_copy_that_replaces_a_transmission_stands_and_withdraws_it(words: str) -> None:
    text = f"{TEXT}\n\n   This replaces vna0412.\n"
    block = (
        f"{words}\nFleet to sail =" if words != "ERSETZT" else "Fleet to sail (ersetzt vna0412) ="
    )
    new, old = read(transmission("vna0420 2 e 20  vna 0417", block, text)).drafts
    assert (new.id, new.pub_status, new.body != []) == ("vna0420", PubStatus.USABLE, True)
    assert (old.pub_status, identity(old)) == (PubStatus.CANCELED, identity(only(transmission())))


def test_copy_that_replaces_what_it_does_not_name_is_a_story() -> None:
    alone = only(transmission("vna0420 2 e 20  vna 0417", "ANNULE ET REMPLACE\nFleet to sail ="))
    assert (alone.id, alone.pub_status) == ("vna0420", PubStatus.USABLE)


def test_a_headline_that_withdraws_something_else_is_a_story() -> None:
    text = "   Troops were withdrawn from Norvik, as vna0411 told.\n"
    told = only(transmission(block="Troops withdrawn from Norvik =", text=text))
    assert (told.pub_status, told.id) == (PubStatus.USABLE, "vna0412")
    told = only(transmission(block="Holm ersetzt Lindqvist =", text=text))
    assert (told.pub_status, told.extra.get("replaces")) == (PubStatus.USABLE, None)


def test_a_kill_after_midnight_withdraws_the_higher_number_of_the_day_before() -> None:
    text = "   Clients are asked to kill vna0412, which was wrong.\n"
    kill = only(
        transmission("vna0003 2 e 20  vna 0002", "KILL\nFleet to sail =", text, "150010 GMT Nov 23")
    )
    assert identity(kill) == identity(only(transmission()))


def test_without_a_date_the_same_number_says_nothing() -> None:
    one = only(transmission(trailer=""))
    other = only(transmission(trailer="", text="   Ostby (vna) - Quite another story it was.\n"))
    assert identity(one) != identity(other)


def test_several_transmissions_are_several_stories_and_a_broken_one_harms_none() -> None:
    broken = "\x01\x02no header at all\r\n\x03\x04"
    found = read(
        transmission() + broken + transmission("vna0413 4 s 90  vna 0410", "Norvik lose again =")
    )
    assert [draft.id for draft in found.drafts] == ["vna0412", "vna0413"]
    assert [failure.entry for failure in found.failures] == ["transmission 2"]
    assert "no IPTC 7901 header" in str(found.failures[0].error)
    assert found.failures[0].key


def test_transmissions_whose_frames_are_lost_are_told_by_their_headers() -> None:
    both = transmission() + transmission("vna0413 4 s 90  vna 0410", "Norvik lose again =")
    found = read("".join(sign for sign in both if sign not in "\x01\x02\x03\x04\x7f"))
    assert [draft.id for draft in found.drafts] == ["vna0412", "vna0413"]
    assert all(draft.version_created for draft in found.drafts)


def test_a_transmission_that_was_cut_is_read_or_refused() -> None:
    sent = transmission(block="2ND LEAD\nFleet to sail again\nBy Jo Holm, vna =")
    for end in range(30, len(sent), 3):
        with contextlib.suppress(ParseError):
            assert read(sent[:end]).format == "iptc-7901"


def test_a_flash_without_a_headline_is_its_own() -> None:
    draft = only(
        "\x01vna0500 1 i 9  vna 0500\r\n\x02=\r\nOstby (vna) - Ceasefire signed.\r\n\x03\x04"
    )
    assert draft.headline == "Ceasefire signed."
    assert draft.extra["headline_from"] == "body"


def test_a_transmission_without_text_is_refused_in_one_line() -> None:
    with pytest.raises(NoArticle, match="without text"):
        read("\x01vna0500 1 i 9  vna 0500\r\n\x02Ceasefire signed =\r\n\x03\x04")


@pytest.mark.parametrize(
    "text",
    [
        "Abc 12 3 i 45 more words follow here.\n",
        "vna0412 3 of 211 votes were cast.\n",
        "vna0412 3 e 2.11 percent\n",
        "A story that tells of\nvna0412 3 e 211  vna 0409\n",
    ],
)
def test_what_only_looks_like_a_header_is_none(text: str) -> None:
    assert openings.IPTC_7901.match(text) is None


def test_a_document_of_another_format_is_refused_in_one_line() -> None:
    document = Document(
        data=b"nothing", text="nothing", encoding="ascii", media_type="x", max_chars=9, uri="x"
    )
    with pytest.raises(MalformedInput, match="no IPTC 7901 header: 'nothing'"):
        parse_7901(document)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (transmission(text="line\n" * 60_000), "50,000 lines"),
        (transmission(text="line\n" * 250_000), "over the limit of 200,000"),
        (transmission() + "\x01a line of text without a header\n\x04" * 11_000, "signs of framing"),
        (transmission(trailer="") + "\x01x\x04" * 6_000, "over the limit of 5,000"),
    ],
)
def test_what_is_larger_than_any_file_is_refused(text: str, why: str) -> None:
    with pytest.raises(InputTooLarge, match=why):
        read(text)
