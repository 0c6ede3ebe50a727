"""Copy between ZCZC and NNNN, and agency text without a frame."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newswire.config import ROOT
from newswire.errors import NoArticle, NoHeadline
from newswire.formats import Parsed, parse
from newswire.stories.draft import Draft, identity
from newswire.stories.model import PubStatus


def read(text: str, encoding: str = "utf-8") -> Parsed:
    return parse(text.encode(encoding), uri="file:///drop/copy.tst")


def only(text: str, form: str = "zczc", encoding: str = "utf-8") -> Draft:
    found = read(text, encoding)
    assert (found.format, len(found.drafts), found.failures) == (form, 1, [])
    return found.drafts[0]


SIGNS = (
    "   ZCZC VNA\r$S\r:Chess Final\r=2nd Take\r^Lindqvist wins seventh title\r*X\r&A\r+15021000\r"
    "NORVIK, March 3 VNA - Ana Lindqvist won her seventh title on Friday.\r\r"
    "Jo Holm was second.\r\r   VNA SPORT\rNNNN\r"
)


def test_each_sign_above_the_text_has_its_field() -> None:
    draft = only(SIGNS)
    assert draft.headline == "Lindqvist wins seventh title"
    assert draft.slugline == "Chess Final"
    assert [subject.qcode for subject in draft.subjects] == ["15021000"]
    assert (draft.located, draft.provider) == ("NORVIK", "VNA")
    expected = {"category": "S", "take": "2nd Take", "format": "X", "signature": "VNA SPORT"}
    assert expected.items() <= draft.extra.items()
    assert [block.text for block in draft.body] == [
        "NORVIK, March 3 VNA - Ana Lindqvist won her seventh title on Friday.",
        "Jo Holm was second.",
    ]


def test_a_dollar_before_more_than_a_category_is_a_headline() -> None:
    draft = only(
        "ZCZC VNA\r\n%A\r\n#Court: Strike_BC6\r\n$Fleet may sail, court says \n\r\n:(NORVIK)\r\n"
        "&VNA\\holmj\r\n*02000000\r\n@Vinland\r\nA court let the fleet sail on Friday.\n\n"
        "   The union said that it would appeal.\r\n\r\nVNA RTV\r\nNNNN"
    )
    assert draft.headline == "Fleet may sail, court says"
    assert draft.slugline == "Court: Strike_BC6"
    assert draft.located == "NORVIK"
    assert [subject.qcode for subject in draft.subjects] == ["02000000"]
    assert len(draft.body) == 2


def test_without_a_headlines_sign_the_first_line_is_it() -> None:
    draft = only(
        "   ZCZC VNA\r\n%MNET MGD\r\n$J\r\n:\r\n:Vinland Fisheries Board\r\n*X\r\n"
        "Media release: Catches rise in autumn\r\n\r\nCatches rose in autumn, the board said.\r\n"
    )
    assert draft.headline == "Media release: Catches rise in autumn"
    assert draft.slugline == "Vinland Fisheries Board"
    assert [block.text for block in draft.body] == ["Catches rose in autumn, the board said."]


@pytest.mark.parametrize(
    ("title", "slugline", "headline"),
    [
        (":POTTED :Norvik MARKET DAY", "POTTED", "Norvik MARKET DAY"),
        ("CHESS : Norvik Open PAIRINGS Friday", "CHESS", "Norvik Open PAIRINGS Friday"),
        ("Norvik Open comment rounds 1-6<!", None, "Norvik Open comment rounds 1-6"),
        (":Tables of the season\n:NORVIK-OPEN", None, "Tables of the season"),
    ],
)
def test_a_numbered_transmission_has_routing_and_title(
    title: str, slugline: str | None, headline: str
) -> None:
    draft = only(f"ZCZC FVN000\nYY TDR\n{title}\n    NORVIK, Oct 12 VNA - The pairings.\nNNNN\n")
    assert draft.headline == headline
    assert slugline is None or draft.slugline == slugline
    assert draft.extra["routing"] == "YY TDR"
    assert draft.dateline == "NORVIK, Oct 12 VNA -"


def test_meeting_and_kind_together_are_the_headline_of_a_result() -> None:
    draft = only("\rZCZC\r#Norvik Regatta\r:Friday\r\rRESULTS\r   1 - 742   Ana\r   2 - 41    Jo\r")
    assert draft.headline == "Norvik Regatta Friday"
    assert draft.body[-1].kind == "table"
    repeated = only("ZCZC\r#Top Ten\r:Top Ten - May 1\r\rTop Ten - May 1\r\rA   1   2\rB   3   4\r")
    assert repeated.headline == "Top Ten - May 1"
    assert len(repeated.body) == 1


def test_fields_of_two_letters_are_read_by_their_names() -> None:
    draft = only(
        "zczc\r\nAN#26945219\r\nKN#Vinland Bites\r\nPD#06 June 2016 14:00:00\r\nCO#VFB.VX\r\n"
        "BY#Jo Holm\r\nKY#Comnews VFB\r\nTI#Fisheries Board’s profit rises\r\n"
        "AB#The board earned more.\r\nTX#\r\nThe board earned more in spring.\r\nCosts fell.\r\n",
        encoding="cp1252",
    )
    assert (draft.id, draft.provider, draft.byline) == ("26945219", "Vinland Bites", "Jo Holm")
    assert draft.headline == "Fisheries Board’s profit rises"
    assert draft.version_created == datetime(2016, 6, 6, 14, tzinfo=UTC)
    assert draft.extra["abstract"] == "The board earned more."
    assert [block.text for block in draft.body] == [
        "The board earned more in spring.",
        "Costs fell.",
    ]


def test_several_transmissions_are_several_stories_and_a_broken_one_harms_none() -> None:
    found = read(SIGNS + "ZCZC VNA\n^Nothing below\nNNNN\n" + SIGNS.replace("seventh", "eighth"))
    assert [draft.headline for draft in found.drafts] == [
        "Lindqvist wins seventh title",
        "Lindqvist wins eighth title",
    ]
    assert [failure.entry for failure in found.failures] == ["transmission 2"]
    assert isinstance(found.failures[0].error, NoArticle | NoHeadline)


def test_an_embargo_in_the_copy_is_the_storys() -> None:
    embargo = "EMBARGOED UNTIL 1200 GMT 20 November 2023"
    draft = only(SIGNS.replace("NORVIK, March", f"{embargo}\r\rNORVIK, March"))
    assert draft.embargoed_until == datetime(2023, 11, 20, 12, tzinfo=UTC)
    unread = only(SIGNS.replace("NORVIK, March", "EMBARGOED UNTIL FURTHER NOTICE\r\rNORVIK, March"))
    assert unread.pub_status is PubStatus.WITHHELD


# --- without a frame ---------------------------------------------------------------------------


def test_a_press_release_has_its_number_headline_and_issuer() -> None:
    draft = only(
        "Source: Vinland Fisheries Board\r\nMEDIA RELEASE PR67254\r\n"
        "Catches Rise in Autumn for the Third Year in a Row, and Prices \r\nwith Them\r\n\r\n"
        "NORVIK, Feb. 1, 2017 /VNWire/ --\r\n\r\n"
        "    Catches rose in autumn, the board said. The board's chair, Ana Lindqvist, \r\n"
        "spoke of a good year.\r\n    Prices rose too.\r\n",
        "agency-text",
    )
    assert (draft.id, draft.provider) == ("PR67254", "Vinland Fisheries Board")
    assert draft.headline == (
        "Catches Rise in Autumn for the Third Year in a Row, and Prices with Them"
    )
    assert draft.located == "NORVIK"
    assert [block.text.split()[-1] for block in draft.body] == ["--", "year.", "too."]


WARNING = (
    "IDY00020\n40:2:1:04:55S075E35100:11:00\nSECURITE\nHigh Seas Weather Warning for Norvik\n"
    "Issued by the Vinland Bureau\nAt {} 15 July 2018\n\nGALE WARNING\n\n"
    "PLEASE BE AWARE\nWind gusts can be a further 40 percent stronger than stated here,\n"
    "and waves may be twice the height.\n"
)


def test_a_warning_is_issued_many_times_under_one_number() -> None:
    draft = only(WARNING.format("1859UTC"), "agency-text")
    assert draft.headline == "High Seas Weather Warning for Norvik"
    assert draft.version_created == datetime(2018, 7, 15, 18, 59, tzinfo=UTC)
    later = only(WARNING.format("2300UTC"), "agency-text")
    assert draft.id == later.id == "IDY00020"
    assert identity(draft) != identity(later)
    assert draft.body[-1].text == (
        "PLEASE BE AWARE\nWind gusts can be a further 40 percent stronger than stated here, "
        "and waves may be twice the height."
    )


def test_results_between_separators_or_bars_are_read() -> None:
    rows = "1. ANA: " + "long " * 30 + "\r\n2. JO: " + "longer " * 20
    draft = only(
        f"\x01NORVIK\x1f6\x1fN\x1fN\x1fVL\x1fFriday\r\n\r\n{rows}\r\n   VNA RESULTS", "agency-text"
    )
    assert draft.headline == "NORVIK 6 VL Friday"
    assert (len(draft.body), draft.provider) == (2, "VNA")
    table = only(
        "Norvik, Friday 27 Apr 2018\r\nPL|DOG|BOX|RUG|S/P\r\n1|ANA|2|2|$2.80\r\n2|JO|1||$3.10\r\n",
        "agency-text",
    )
    assert table.headline == "Norvik, Friday 27 Apr 2018"
    assert table.body[0].text == "PL\tDOG\tBOX\tRUG\tS/P\n1\tANA\t2\t2\t$2.80\n2\tJO\t1\t\t$3.10"


def test_each_headline_of_a_ticker_is_a_line() -> None:
    text = (
        "FLEET TO SAIL AGAIN ** COURT LETS IT GO ** UNION TO APPEAL RULING ** PRICES RISE ** \r\n"
    )
    draft = only(text, "agency-text")
    assert draft.headline == "FLEET TO SAIL AGAIN"
    assert [block.text for block in draft.body][-1] == "PRICES RISE"


def test_copy_that_its_agency_signs_has_its_headline_above() -> None:
    text = "Norvik greyhounds, Friday night\n\n1 Ana 22.02\n2 Jo 22.35\n\n   AAP RESULTS\n"
    draft = only(text, "agency-text")
    assert (draft.headline, draft.provider) == ("Norvik greyhounds, Friday night", "AAP")
    assert draft.body[0].text == "1 Ana 22.02\n2 Jo 22.35"
    with pytest.raises(NoHeadline):
        read("The fleet sails again, the union said.\n\nIt had been in harbour.\n\nAAP\n")


@pytest.mark.parametrize("folder", ["agency-text", "email", "anpa1312", "iptc7901"])
def test_every_real_text_wire_and_mail_gives_a_story(folder: str) -> None:
    path = ROOT.parent / "shared" / "wire" / folder
    if not path.is_dir():
        pytest.skip(f"the real files are not here: {path}")
    found = {file.name: parse(file.read_bytes(), uri="file:x") for file in path.iterdir()}
    assert {name for name, one in found.items() if one.failures or not one.drafts} == set()
    assert {one.format for one in found.values()}.isdisjoint({"text", "html"})
