"""Datelines, sign-offs, crossheads, captions."""

from __future__ import annotations

import pytest

from newswire.formats.lines.wirecopy import (
    caption,
    is_crosshead,
    lone_credit,
    sign_off,
    split_dateline,
)
from newswire.stories.model import Caption


@pytest.mark.parametrize(
    ("text", "dateline", "place", "agency"),
    [
        ("MOSCOW, Jan 3 (Reuters) - The", "MOSCOW, Jan 3 (Reuters) -", "MOSCOW", "Reuters"),
        ("PARIS (AP) — The", "PARIS (AP) —", "PARIS", "AP"),
        ("Paris, France (AFP) – The", "Paris, France (AFP) –", "Paris, France", "AFP"),
        ("Berlin (dpa/lni) - Die", "Berlin (dpa/lni) -", "Berlin", "dpa/lni"),
        ("LONDON/PARIS, Jan. 3 (Reuters) - A", "LONDON/PARIS, Jan. 3 (Reuters) -", "LONDON/PARIS",
         "Reuters"),
        ("Rio de Janeiro (AFP) - O", "Rio de Janeiro (AFP) -", "Rio de Janeiro", "AFP"),
        ("ST. PETERSBURG, Fla. (AP) — A", "ST. PETERSBURG, Fla. (AP) —", "ST. PETERSBURG, Fla.",
         "AP"),
        ("OSTER, Nov. 2, 2023 /PRNewswire/ -- A", "OSTER, Nov. 2, 2023 /PRNewswire/ --", "OSTER",
         "PRNewswire"),
        ("(Reuters) - The", "(Reuters) -", None, "Reuters"),
        ("KYIV (Acme) - The", "KYIV (Acme) -", "KYIV", "Acme"),
        ("WASHINGTON, D.C. — The", "WASHINGTON, D.C. —", "WASHINGTON, D.C.", None),
    ],
)  # fmt: skip
def test_a_dateline_is_taken_off_verbatim(
    text: str, dateline: str, place: str | None, agency: str | None
) -> None:
    found = split_dateline(text)
    assert found is not None
    assert found[:3] == (dateline, place, agency)
    assert found[3] == text.rsplit(" ", 1)[1]


@pytest.mark.parametrize(
    "text",
    [
        "EXCLUSIVE - The minister has resigned",
        "Doctors Without Borders (MSF) - which works there - has left",
        "Putin (pictured) - who said so - has left",
        "The US (and its allies) - said",
        "Jane Doe (47) - the widow - spoke",
        "The minister - a Liberal - resigned",
        "NATO - The alliance met",
    ],
)
def test_a_sentence_with_a_dash_has_no_dateline(text: str) -> None:
    assert split_dateline(text) is None


def credits(text: str) -> list[tuple[str, str]]:
    found = sign_off(text)
    assert found is not None
    return [(one.role, one.name) for one in found]


def test_the_roles_of_a_sign_off_are_told_apart() -> None:
    assert credits(
        "(Reporting by A One, B Two in Kyiv and C Three; Additional reporting by D Four; "
        "Writing by E Five, Editing by F Six and G Seven)"
    ) == [
        ("reporting", "A One"),
        ("reporting", "B Two"),
        ("reporting", "C Three"),
        ("reporting", "D Four"),
        ("writing", "E Five"),
        ("editing", "F Six"),
        ("editing", "G Seven"),
    ]


def test_a_sign_off_without_brackets_and_signs_is_read() -> None:
    assert credits("Reporting by A. B. One in Oster Editing by Bo Lind") == [
        ("reporting", "A. B. One"),
        ("editing", "Bo Lind"),
    ]


def test_who_contributed_is_credited_with_reporting() -> None:
    assert credits(
        "Associated Press writers Jane Doe in Oster and John Roe contributed to this report."
    ) == [("reporting", "Jane Doe"), ("reporting", "John Roe")]


def test_desk_initials_are_a_sign_off_that_names_nobody() -> None:
    assert credits("burs-abc/def/xy") == []


@pytest.mark.parametrize(
    "text",
    [
        "(This was reported by the police.)",
        "Reporting by Norland's press has shown that he was right and that all else is wrong.",
        "He said that she contributed to this report.",
        "The editor, by then, had left.",
    ],
)
def test_a_sentence_about_reporting_is_no_sign_off(text: str) -> None:
    assert sign_off(text) is None


@pytest.mark.parametrize(
    "text",
    ["GEOPOLITICAL SHOWDOWN", "What happens next?", "A growing divide", "‘A fair price’",
     "'Nobody's asking'", "STEP 2: TALKS"],
)  # fmt: skip
def test_a_short_line_without_a_stop_may_be_a_crosshead(text: str) -> None:
    assert is_crosshead(text)


@pytest.mark.parametrize(
    "text",
    ["THE ANSWER IS NO.", '"NO MORE WAR"', "It is over.", "- a point in a list", "NEVER AGAIN!",
     "He asked whether it was so?", "and so it went", "‘It is over,’", "***",
     "ALL THE MEN OF THE TOWN WERE CALLED TO THE SQUARE THAT DAY"],
)  # fmt: skip
def test_a_sentence_or_a_point_is_no_crosshead(text: str) -> None:
    assert not is_crosshead(text)


@pytest.mark.parametrize(
    ("line", "text", "credit"),
    [
        ("FILE PHOTO: A man walks in Oster. Sputnik/Bo Lind/Pool via REUTERS",
         "FILE PHOTO: A man walks in Oster.", "Sputnik/Bo Lind/Pool via REUTERS"),
        ("A man walks in Oster. REUTERS/Bo Lind", "A man walks in Oster.", "REUTERS/Bo Lind"),
        ("FILE - A man walks in Oster on Jan. 3, 2023. (AP Photo/Bo Lind, File)",
         "FILE - A man walks in Oster on Jan. 3, 2023.", "AP Photo/Bo Lind, File"),
        ("A man walks in Oster Photograph: Bo Lind/AFP/Getty Images", "A man walks in Oster",
         "Bo Lind/AFP/Getty Images"),
        ("Image caption, A man walks in Oster", "A man walks in Oster", None),
    ],
)  # fmt: skip
def test_a_caption_and_its_credit_are_told_apart(line: str, text: str, credit: str | None) -> None:
    assert caption(line) == Caption(text=text, credit=credit)


@pytest.mark.parametrize(
    "text",
    ["The minister told Reuters.", "It happened, he told AFP. Jane Doe agreed.",
     "Picture this: a man walks in.", "He works for AP/Dow Jones, he said."],
)  # fmt: skip
def test_a_sentence_that_names_an_agency_is_no_caption(text: str) -> None:
    assert caption(text) is None
    assert lone_credit(text) is None


def test_a_credit_on_a_line_of_its_own_is_recognised() -> None:
    assert lone_credit("Image source, Getty Images") == "Getty Images"
