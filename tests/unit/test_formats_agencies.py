"""Whose story it is: an agency's, though an outlet prints it."""

from __future__ import annotations

import json

import pytest
from pydantic import JsonValue

from newswire.formats import parse
from newswire.formats.lines import agencies
from newswire.stories.draft import Draft

PARAGRAPHS = (
    "The council of the harbour town voted on Monday to close the road to lorries.",
    "It had argued for a year, and the hauliers have promised to go to court over it.",
    "The mayor said that nobody would be ruined, and that the noise would end at last.",
)


def page(first: str = "", last: str = "", **stated: JsonValue) -> Draft:
    body = "".join(f"<p>{text}</p>" for text in (first + PARAGRAPHS[0], *PARAGRAPHS[1:], last))
    article = {"@type": "NewsArticle", "headline": "Harbour road closes"} | stated
    article.setdefault("publisher", {"@type": "Organization", "name": "The Lakeland Courier"})
    script = f'<script type="application/ld+json">{json.dumps(article)}</script>'
    html = f"<html><head><title>Road</title>{script}</head><body><article>{body}</article>"
    (draft,) = parse(html.encode(), uri="https://courier.example/road").drafts
    return draft


@pytest.mark.parametrize(
    ("draft", "agency"),
    [
        (page("MORVIK, May 2 (Reuters) - "), "Reuters"),
        (page("PARIS (AFP) – "), "AFP"),
        (page(author={"@type": "Person", "name": "Jo Park, Associated Press"}), "AP"),
        (page(author={"@type": "Organization", "name": "dpa"}), "dpa"),
        (page(sourceOrganization={"@type": "Organization", "name": "Agence France-Presse"}), "AFP"),
        (page(isBasedOn="https://www.reuters.com/world/road-closes-2024-05-02/"), "Reuters"),
        (page(last="© 2024 The Associated Press. All rights reserved."), "AP"),
        (page(last="The-CNN-Wire ™ & © 2024 Cable News Network, Inc."), "CNN"),
        (page(last="Our Standards: The Thomson Reuters Trust Principles."), "Reuters"),
    ],
)
def test_an_agencys_story_in_an_outlets_page_is_the_agencys(draft: Draft, agency: str) -> None:
    assert (draft.provider, draft.extra["outlet"]) == (agency, "The Lakeland Courier")


def test_the_notice_that_names_the_agency_is_the_credit() -> None:
    notice = "© 2024 The Associated Press. All rights reserved."
    assert page(last=notice).credit == notice


@pytest.mark.parametrize(
    "draft",
    [
        page(),
        page("MORVIK (Courier) - "),
        page(author="Jo Park with AFP"),
        page(author=["Reuters", "AP"]),
        page(author="Guardian staff and agencies"),
        page(author="Sid Pap"),
        page(author="Sid"),
        page(isBasedOn="https://notreuters.com/road"),
        page(last="The plan was seen by Reuters, which first asked for it in the spring of 2020."),
    ],
)
def test_a_story_made_from_what_agencies_sent_is_the_outlets(draft: Draft) -> None:
    assert draft.provider == "The Lakeland Courier"
    assert "outlet" not in draft.extra


def test_an_agencys_own_page_has_no_other_outlet() -> None:
    draft = page("MORVIK (Reuters) - ", publisher={"@type": "Organization", "name": "Reuters"})
    assert (draft.provider, draft.extra.get("outlet")) == ("Reuters", None)


def test_pasted_text_is_attributed_by_the_same_signs() -> None:
    body = "\n\n".join((f"MORVIK, May 2 (Reuters) - {PARAGRAPHS[0]}", *PARAGRAPHS[1:]))
    text = f"The Guardian\n\nHarbour road closes to lorries\n\nBy Jo Park\n\n{body}\n"
    (draft,) = parse(text.encode(), uri="file:pasted.txt").drafts
    assert (draft.provider, draft.extra["outlet"]) == ("Reuters", "The Guardian")


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("Thomson Reuters", "Reuters"),
        ("the Associated Press", "AP"),
        ("DPA", "dpa"),
        ("dpa-AFX", "dpa"),
        ("Sid", None),
        ("Reuters Road", None),
        ("", None),
        (None, None),
    ],
)
def test_an_agency_has_one_name_however_it_is_spelled(name: str | None, known: str | None) -> None:
    assert agencies.canonical(name) == known
