"""ANPA 1312: header, keyword line, paragraphs and tables, stamp; which leads are one story."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newswire.errors import MalformedInput, NoArticle
from newswire.formats import Parsed, parse
from newswire.formats.anpa_1312 import parse as parse_1312
from newswire.formats.base.document import Document
from newswire.stories.draft import Draft, identity
from newswire.stories.model import PubStatus

TOP = (
    "^Norvik fleet to sail again<",
    "^VN Photo NVK101, NVK102<",
    "^Eds: Updates with count.<",
    "^By ANA LINDQVIST=",
    "^Vinland News=",
)
BODY = (
    "\t   NORVIK (VN) _ Fishermen voted Tuesday to end a strike _ the longest in decades.",
    " ",
    "\t   ``We have what we came for,'' said Jo Holm.",
)


def transmission(
    *lines: str,
    number: str = "a0412",
    codes: str = "r i\x13\x11",
    keyword: str = "BC-Norvik-Strike",
    version: str = "",
    stamp: str = "VN-WF-11-14-23 1137GMT<",
) -> str:
    short = version.replace(" Ld", "Ld")
    head = f"\x16\x16\x01{number}\x1fworld\r\n{codes} {keyword} {short}   11-14 0466\r\n\x02"
    copy = "\r\n".join([f"^{keyword}{f', {version}' if version else ''},211<", *lines])
    return f"{head}{copy}\r\n\r\n\t   \x03{stamp}\r\n\r\n\x0c\r\n\x04"


def read(text: str) -> Parsed:
    return parse(text.encode(), uri="file:///drop/vn.tst")


def only(text: str) -> Draft:
    found = read(text)
    assert (found.format, len(found.drafts), found.failures) == ("anpa-1312", 1, [])
    return found.drafts[0]


def story(**changes: str) -> Draft:
    return only(transmission(*TOP, *BODY, **changes))


def test_header_copy_and_stamp_become_the_fields_of_the_story() -> None:
    draft = story()
    assert draft.id == "a0412"
    assert (draft.urgency, draft.extra["priority"]) == (4, "r")
    assert [subject.qcode for subject in draft.subjects] == ["i"]
    assert draft.headline == "Norvik fleet to sail again"
    assert draft.byline == "By ANA LINDQVIST"
    assert draft.ednote == "Updates with count."
    assert draft.version_created == datetime(2023, 11, 14, 11, 37, tzinfo=UTC)
    assert (draft.provider, draft.located) == ("VN", "NORVIK")
    assert draft.slugline == "BC-Norvik-Strike"


def test_signs_of_composition_become_typographic_ones() -> None:
    assert [block.text for block in story().body] == [
        "NORVIK (VN) — Fishermen voted Tuesday to end a strike — the longest in decades.",
        "“We have what we came for,” said Jo Holm.",
    ]


@pytest.mark.parametrize(
    ("letter", "urgency"), [("f", 1), ("b", 2), ("u", 3), ("r", 4), ("d", 5), ("s", 6), ("w", 6)]
)
def test_the_letter_of_priority_is_a_digit_and_stays_as_sent(letter: str, urgency: int) -> None:
    draft = story(codes=f"{letter} i\x13\x11")
    assert (draft.urgency, draft.extra["priority"]) == (urgency, letter)


def test_the_rows_of_a_table_stay_together_under_their_heading() -> None:
    draft = only(
        transmission(
            "^League Standings=",
            "^By Vinland News=",
            "^East Division=",
            "\x08^;W;L;GB\x10 ",
            "\x08Port\x10 Ost;16;21;7{\x10 ",
            "^West Division=",
            "\x08^\x1f\x1e W\x1e \x1e \x1e L",
            "\x08Norvik\x1f\x1e 73\x1e \x1e 52",
            codes="r s\x14\x12",
        )
    )
    assert draft.headline == "League Standings"
    assert draft.byline == "By Vinland News"
    assert [(block.kind, block.text) for block in draft.body] == [
        ("crosshead", "East Division"),
        ("table", "\tW\tL\tGB\nPort Ost\t16\t21\t7½"),
        ("crosshead", "West Division"),
        ("table", "\tW\tL\nNorvik\t73\t52"),
    ]


def test_an_alert_has_its_sentence_for_a_headline() -> None:
    draft = only(transmission("\t   NORVIK (VN) _ Strike is over.", codes="b i\x13\x11"))
    assert draft.headline == "Strike is over."
    assert draft.extra["headline_from"] == "body"
    assert draft.urgency == 2


def test_a_summary_above_the_byline_is_no_paragraph() -> None:
    draft = only(transmission(TOP[0], "^The fleet sails again after a month.<", *TOP[3:], *BODY))
    assert draft.extra["abstract"] == "The fleet sails again after a month."
    assert len(draft.body) == 2


def test_paragraphs_broken_at_the_width_of_a_page_are_one() -> None:
    draft = only(
        "\x01a0105VNA\x1fnora-\r\nu s\x14\x12 BC-Chess   14-11 0344\r\n\x02BC-Chess\r\n"
        "Chess: Lindqvist wins seventh title in Norvik+\r\n"
        "     NORVIK, Vinland, Nov. 14 VNA - Ana Lindqvist won her seventh title \r\n"
        "on Tuesday.\r\n"
        "     She beat Jo Holm in a final that took all of eleven hours, with a \r\n"
        "break for lunch.\r\n"
        "==VNA\r\n\x03VNA-21:37-14-11-23\x04\r\n"
    )
    assert draft.headline == "Chess: Lindqvist wins seventh title in Norvik"
    assert [block.text.split()[-1] for block in draft.body] == ["Tuesday.", "lunch."]
    assert draft.version_created == datetime(2023, 11, 14, 21, 37, tzinfo=UTC)
    assert draft.extra["dates_without_zone"] == ["version_created"]
    assert draft.provider == "VNA"


def test_leads_of_a_day_under_one_keyword_are_versions_of_one_story() -> None:
    first = story()
    second = story(number="a0419", version="1st Ld-Writethru", stamp="VN-WF-11-14-23 1137GMT<")
    third = story(number="a0433", version="2nd Ld-Writethru", stamp="VN-WF-11-14-23 1305GMT<")
    assert identity(first) == identity(second) == identity(third)
    assert second.extra["version"] == "1st Ld-Writethru"
    assert second.slugline == "BC-Norvik-Strike"
    versions = [draft.version or 0 for draft in (first, second, third)]
    assert versions == sorted(set(versions))


def test_a_keyword_or_a_number_on_another_day_is_another_story() -> None:
    assert identity(story()) != identity(story(stamp="VN-WF-11-15-23 1137GMT<"))
    one = transmission(BODY[0])
    assert identity(only(one)) != identity(only(one.replace("11-14-23", "11-15-23")))


def test_alerts_and_parts_of_a_story_replace_none() -> None:
    alerts = [only(transmission(BODY[0], number=number)) for number in ("a0001", "a0002")]
    part = story(number="a0420", version="1st Add")
    assert len({identity(draft) for draft in (*alerts, part, story())}) == 4


def test_a_kill_withdraws_the_story_of_its_keyword() -> None:
    killed = story(number="a0450", version="KILL", stamp="VN-WF-11-14-23 1500GMT<")
    assert killed.pub_status is PubStatus.CANCELED
    assert identity(killed) == identity(story())
    assert (killed.version or 0) > (story().version or 0)


@pytest.mark.parametrize(
    "lines",
    [
        ("^Editors:<", "\tKill the story slugged BC-Norvik-Strike, a0412. It is wrong.<"),
        ("^BULLETIN KILL<", "^Editors:<", "\tA kill is mandatory.<"),
        ("\tEditors: Kill BC-Norvik-Strike. It is wrong.<",),
    ],
)
def test_a_kill_without_a_headline_withdraws_what_goes_by_its_keyword(
    lines: tuple[str, ...],
) -> None:
    killed = read(transmission(*lines, number="a0450", version="KILL")).drafts[0]
    assert killed.pub_status is PubStatus.CANCELED
    assert identity(killed) == identity(story())


def test_a_kill_in_the_first_half_of_a_day_withdraws_the_keyword_of_the_day_before_as_well() -> (
    None
):
    sent = {"number": "a0008", "version": "KILL"}
    night = read(transmission(*TOP, *BODY, stamp="VN-WF-11-15-23 0010GMT<", **sent)).drafts
    assert [draft.pub_status for draft in night] == [PubStatus.CANCELED] * 2
    today = story(stamp="VN-WF-11-15-23 0005GMT<")
    assert [identity(draft) for draft in night] == [identity(today), identity(story())]
    noon = read(transmission(*TOP, *BODY, stamp="VN-WF-11-15-23 1210GMT<", **sent)).drafts
    assert [identity(draft) for draft in noon] == [identity(today)]


def test_a_kill_that_only_its_headline_calls_one_is_one() -> None:
    lines = ("^BULLETIN KILL<", "^Editors:<", "\tKill BC-Norvik-Strike. It is wrong.<")
    killed = read(transmission(*lines, number="a0450")).drafts[0]
    assert (killed.pub_status, identity(killed)) == (PubStatus.CANCELED, identity(story()))
    about = only(transmission("^Killing of a fisherman shocks Norvik<", *BODY))
    assert about.pub_status is PubStatus.USABLE


def test_a_story_that_is_to_be_withheld_is() -> None:
    held = only(transmission("\tPlease withhold the story.<", number="a0451", version="WITHHOLD"))
    assert (held.pub_status, identity(held)) == (PubStatus.WITHHELD, identity(story()))


@pytest.mark.parametrize(
    "line",
    [
        "Adv19", "ADV 19", "Adv19 for 6 a.m. EST Nov. 19", "For Sunday use", "FOR SUNDAY PAPERS",
        "Eds: ADVANCE FOR RELEASE AT 6 A.M. EST NOV. 19",
        "Adv19, For Release Sunday, Nov. 19, and Thereafter",
    ],
)  # fmt: skip
@pytest.mark.parametrize("begin", ["^", "\t"])
def test_a_line_that_says_that_copy_is_for_later_withholds_it(begin: str, line: str) -> None:
    said = f"{begin}{line}<"
    lines = (said, *TOP, *BODY) if begin == "^" else (*TOP, said, *BODY)
    assert only(transmission(*lines)).pub_status is PubStatus.WITHHELD


def test_an_advance_in_the_slug_is_one_and_no_part_of_the_storys_name() -> None:
    advance = only(transmission(*TOP, *BODY, keyword="BC-Norvik-Strike-Adv19"))
    assert (advance.pub_status, identity(advance)) == (PubStatus.WITHHELD, identity(story()))


@pytest.mark.parametrize("first", ["Advances in medicine were shown.", "For Sunday they plan."])
def test_a_paragraph_that_only_begins_like_an_advance_is_none(first: str) -> None:
    assert only(transmission(*TOP, f"\t{first}", *BODY)).pub_status is PubStatus.USABLE


def test_an_advance_is_withheld_unless_its_day_can_be_read() -> None:
    assert story(version="Adv20").pub_status is PubStatus.WITHHELD
    line = "^EMBARGOED UNTIL 6 p.m. GMT, November 20, 2023<"
    told = only(transmission(TOP[0], line, *BODY, version="Adv20"))
    assert told.pub_status is PubStatus.USABLE
    assert told.embargoed_until == datetime(2023, 11, 20, 18, tzinfo=UTC)
    line = "^For Release Sunday, Nov. 19, and Thereafter<"
    unread = only(transmission(TOP[0], line, *BODY))
    assert unread.pub_status is PubStatus.WITHHELD


@pytest.mark.parametrize(
    ("stamp", "moment"),
    [
        ("VN-NY-11-14-23 0637EST<", datetime(2023, 11, 14, 11, 37, tzinfo=UTC)),
        ("VN-11-14-99 1137GMT<", datetime(1999, 11, 14, 11, 37, tzinfo=UTC)),
        ("VN-WF-13-41-23 1137GMT<", None),
        ("", None),
    ],
)
def test_the_stamp_of_the_end_is_the_only_date(stamp: str, moment: datetime | None) -> None:
    assert story(stamp=stamp).version_created == moment


def test_without_its_control_characters_a_transmission_is_read_too() -> None:
    sent = transmission(*TOP, *BODY)
    draft = only("".join(sign for sign in sent if sign >= " " or sign in "\r\n\t"))
    assert (draft.id, draft.headline) == ("a0412", "Norvik fleet to sail again")
    assert draft.version_created == datetime(2023, 11, 14, 11, 37, tzinfo=UTC)
    assert len(draft.body) == 2


def test_several_transmissions_are_several_stories_and_a_broken_one_harms_none() -> None:
    found = read(
        transmission(*TOP, *BODY)
        + "\x16\x16\x01garbled\r\n\x02nothing\x03\x04"
        + transmission(number="a0500", keyword="BC-Empty")
        + transmission(BODY[0], number="a0501", keyword="BC-Alert")
    )
    assert [draft.id for draft in found.drafts] == ["a0412", "a0501"]
    assert [failure.entry for failure in found.failures] == ["transmission 2", "transmission 3"]
    assert isinstance(found.failures[1].error, NoArticle)


def test_a_document_of_another_format_is_refused_in_one_line() -> None:
    document = Document(
        data=b"nothing", text="nothing", encoding="ascii", media_type="x", max_chars=9, uri="x"
    )
    with pytest.raises(MalformedInput, match="no ANPA 1312 header: 'nothing'"):
        parse_1312(document)
