"""Stories of one event, and a judge that goes by words, so that no weights decide a test."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from elasticsearch import Elasticsearch

from newswire.config import Settings
from newswire.enrichment.claims_said import ClaimLabel, ClaimProbabilities, Judgement
from newswire.enrichment.reading import sentences_of
from newswire.renewal import BATCH_S, Turn
from newswire.search.claims_index import ALL
from newswire.stories.enriched import EnrichedStory, ModelRevision, ScoredSpan
from newswire.stories.model import Story
from tests.copies import body, paragraphs
from tests.factories import NOON, a_story, an_embedding, an_enriched_story

_LABELS: dict[str, ClaimLabel] = {
    "confirmed": "agree",
    "denied": "disagree",
    "reported": "discuss",
}


class ByWords:
    """Judges by the first of the words confirmed, denied and reported that a body has."""

    def __init__(self, before: Callable[[], None] = lambda: None, revision: str = "1") -> None:
        self._before = before
        self.models: tuple[ModelRevision, ...] = (
            ModelRevision(task="stance", name="by-words", revision=revision * 64),
        )
        self.asked = 0

    def vector(self, claim: str) -> list[float]:
        return list(an_embedding())

    def judge(self, claim: str, stories: Sequence[Story]) -> list[Judgement]:
        self._before()
        self.asked += len(stories)
        return [self._judged(story) for story in stories]

    def _judged(self, story: Story) -> Judgement:
        for word, label in _LABELS.items():
            for span in sentences_of(story):
                if word in span.text:
                    rest = dict.fromkeys(("agree", "disagree", "discuss", "unrelated"), 0.1)
                    return Judgement(
                        label=label,
                        probabilities=ClaimProbabilities(**rest | {label: 0.7}),
                        evidence=(ScoredSpan(**span.model_dump(), score=0.7),),
                    )
        return Judgement(label="unrelated")


class AtOnce(Turn):
    """It is always its turn, or for some batches: that live news goes first is tested with the
    renewal."""

    def __init__(self, settings: Settings, size: int = 8, batches: float = math.inf) -> None:
        super().__init__(settings, rate=size * 3600 / BATCH_S)
        self._batches = batches

    def comes(self) -> bool:
        self._batches -= 1
        return self._batches >= 0


def telling(name: str, word: str, hours: float = 0, **differs: Any) -> EnrichedStory:
    """A story about the pilots' strike in which somebody confirms, denies or reports it."""
    story = {
        "id": name,
        "first_created": NOON + timedelta(hours=hours),
        "provider": f"Outlet of {name}",
        "headline": f"Harbour pilots of Brindle Bay end strike, says {name}",
        "language": "en",
        "body": body(
            f"The pilots' union {word} on Friday that the strike in Brindle Bay was over.",
            *paragraphs(name, 3),
        ),
    }
    return an_enriched_story(a_story(**story | differs), embedding=an_embedding())


def shown(client: Elasticsearch) -> dict[tuple[str, str], dict[str, Any]]:
    """What a dashboard sees: each pair by the ids of claim and story."""
    client.indices.refresh(index=ALL)
    answer = client.search(index="claims", size=1000)
    return {
        (hit["_source"]["claim"]["id"], hit["_source"]["story"]["id"]): hit["_source"]
        for hit in answer["hits"]["hits"]
    }


def kept(client: Elasticsearch) -> list[dict[str, Any]]:
    """Everything that is there, shown or not."""
    client.indices.refresh(index=ALL)
    return [hit["_source"] for hit in client.search(index=ALL, size=1000)["hits"]["hits"]]
