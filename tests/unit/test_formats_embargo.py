"""Lines that are embargoes, lines that only speak of one, and when an embargo ends."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newswire.formats.desk.embargo import (
    Embargo,
    end_of,
    goes_on_below,
    is_time,
    lifts,
    read_embargo,
)


@pytest.mark.parametrize(
    ("line", "until"),
    [
        ("EMBARGOED UNTIL 0001 GMT, Monday 3 May 2027", "2027-05-03T00:01"),
        ("NOT FOR PUBLICATION BEFORE 00:01 BST ON MONDAY, 3 MAY 2027", "2027-05-02T23:01"),
        ("EMBARGO: 0001 GMT May 3, 2027", "2027-05-03T00:01"),
        ("Embargo 0001 GMT May 3, 2027", "2027-05-03T00:01"),
        ("Not for release until 6 a.m. EST, May 3, 2027", "2027-05-03T11:00"),
        ("For release 6 a.m. EDT, Monday, May 3, 2027", "2027-05-03T10:00"),
        ("(Embargoed until 12:00 noon CET, 3 May 2027)", "2027-05-03T11:00"),
        ("Embargoed for 2027-05-03T06:00Z", "2027-05-03T06:00"),
        ("UNDER EMBARGO UNTIL 3 May 2027 10:00 +02:00", "2027-05-03T08:00"),
        ("Sperrfrist: 3.5.2027, 10:00 Uhr MESZ", "2027-05-03T08:00"),
        ("This press release is embargoed until 0001 GMT on Monday 3 May 2027.",
         "2027-05-03T00:01"),
        ("EMBARGOED UNTIL 6 PM PDT THURSDAY 13 MAY 2027", "2027-05-14T01:00"),
        ("Hold for release until noon CEST, 3rd May 2027", "2027-05-03T10:00"),
        ("ADVANCE FOR RELEASE AT 3 A.M. EDT, SUNDAY, MAY 2, 2027", "2027-05-02T07:00"),
    ],
)  # fmt: skip
def test_the_end_of_an_embargo_is_read_in_utc(line: str, until: str) -> None:
    assert read_embargo(line) == Embargo(datetime.fromisoformat(until).replace(tzinfo=UTC))


@pytest.mark.parametrize(
    ("line", "until"),
    [
        ("*** STRICTLY EMBARGOED UNTIL 00:01 GMT / 01:01 CET MONDAY 3 MAY 2027 ***", "00:01"),
        ("EMBARGOED FOR RELEASE UNTIL 10:00 A.M. EDT (14:30 GMT) MAY 3, 2027", "14:30"),
        ("EMBARGOED UNTIL 10 a.m. ET 3 May 2027", "15:00"),
        ("EMBARGOED UNTIL MIDNIGHT GMT 2 MAY 2027", "00:00"),
        ("EMBARGO: 1 May 2027 to 0600 GMT 3 May 2027", "06:00"),
    ],
)
def test_of_several_readings_the_latest_counts(line: str, until: str) -> None:
    assert read_embargo(line) == Embargo(datetime.fromisoformat(f"2027-05-03T{until}+00:00"))


@pytest.mark.parametrize(
    "line",
    [
        "EMBARGO: see advisory",
        "Embargo 3 May 2027",
        "ACHTUNG SPERRFRIST",
        "Achtung: Sperrfrist Freitag, 18 Uhr",
        "Nicht vor Freitag, 18 Uhr, veröffentlichen",
        "Frei für Freitag, 18 Uhr",
        "Ne pas diffuser avant lundi 6h",
        "Embargo tot maandag 6 uur",
        "EMBARGADO HASTA EL LUNES",
        "EMBARGOED",
        "EMBARGO",
        "EMBARGOED UNTIL",
        "Embargoed until the minister rises to speak",
        "Not for release until 6 a.m. EST",
        "NOT FOR PUBLICATION",
        "Not for publication or broadcast before 0600 GMT 03/05/2027",
        "Hold for release",
        "HOLD FOR RELEASE AT 6PM",
        "ADVANCE for Sunday",
        "ADVANCE FOR SUNDAY, MAY 2",
        "FOR USE AFTER 6 p.m. EST Sunday",
        "RELEASE DATE: 3 May 2027",
        "Embargoed until 10:00, 3 May 2027",
        "Embargoed until 10:00 local time, 3 May 2027",
        "Embargoed until 0001 GMT, Tuesday 3 May 2027",
        "Embargoed until 0001 GMT, 31 June 2027",
        "EMBARGOED UNTIL 2575 GMT 3 MAY 2027",
        "EMBARGOED UNTIL 13 a.m. GMT 3 MAY 2027",
    ],
)
def test_an_embargo_that_does_not_say_its_end_to_the_minute_has_none(line: str) -> None:
    assert read_embargo(line) == Embargo(None)


@pytest.mark.parametrize(
    "line",
    [
        "An oil embargo until 2030 would ruin Norland, says minister",
        "Embargo on Norland oil until 2027, EU says",
        "Embargo until 2030 would harm trade, ministers say",
        "Embargo: what the oil ban means for Norland",
        "Embargoed oil reaches the ports of Norland",
        "Embargoed until 2019, the papers show that the king knew of the plan and paid for it.",
        "The embargo, in force until Monday 3 May 2027 at 0001 GMT, was lifted.",
        '"EMBARGOED UNTIL NOON," said the paper that she held up.',
        "Hold for release of hostages, says UN",
        "Hold until the end",
        "Advance for women in Norland",
        "ADVANCE FOR WOMEN IN NORLAND",
        "Not for the first time, the council failed",
        "Not for use in children, agency says of drug",
        "For release of the hostages the group asks a ransom",
        "Release date set for film about harbour",
    ],
)
@pytest.mark.parametrize("head", [True, False])
def test_a_story_about_an_embargo_is_under_none(line: str, head: bool) -> None:
    assert read_embargo(line, head=head) is None


@pytest.mark.parametrize(
    "line", ["EMBARGO LIFTED", "Embargo: none", "For immediate release", "FOR IMMEDIATE USE"]
)
def test_a_line_that_lifts_an_embargo_is_none(line: str) -> None:
    assert lifts(line)
    assert read_embargo(line) is None


def test_in_a_body_a_word_alone_is_a_crosshead_and_a_formal_line_an_embargo() -> None:
    assert read_embargo("EMBARGO", head=False) is None
    assert read_embargo("Hold for release", head=False) is None
    assert read_embargo("NOT FOR PUBLICATION BEFORE MONDAY", head=False) == Embargo(None)
    assert read_embargo("Embargoed until 0001 GMT 3 May 2027", head=False) is not None


def test_a_time_in_the_line_below_counts_where_the_line_is_open() -> None:
    time = "0001 GMT, Monday 3 May 2027"
    assert read_embargo("EMBARGOED UNTIL", time) == Embargo(end_of(time))
    assert goes_on_below("EMBARGO:", time)
    assert read_embargo("HOLD FOR RELEASE", time) == Embargo(None)
    assert read_embargo("EMBARGOED UNTIL", "Harbour closes on 3 May 2027 at 0001 GMT") == (
        Embargo(None)
    )


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        ("0001 GMT, Monday 3 May 2027", True),
        ("on Sunday", True),
        ("May 2", True),
        ("the harbour on Sunday", False),
        ("", False),
    ],
)
def test_a_time_is_nothing_but_a_time(text: str, yes: bool) -> None:
    assert is_time(text) is yes


@pytest.mark.parametrize(
    "unit", ["embargo ", "for release ", "not for use or ", "3 May ", "00:01 ", "(((", "until "]
)
def test_a_line_of_any_length_and_kind_is_looked_at_without_trying_its_divisions(unit: str) -> None:
    # Each of these takes hours where a pattern tries every division of the line.
    assert read_embargo(f"EMBARGOED {unit * 18}!", unit * 100_000) in {None, Embargo(None)}
    assert read_embargo(unit * 100_000) is None
