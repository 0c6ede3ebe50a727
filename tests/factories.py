"""Small factories: each makes something valid, and takes what differs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from newswire.stories.draft import Draft
from newswire.stories.enriched import (
    EMBEDDING_DIMENSIONS,
    EnrichedStory,
    Enrichment,
    GeneratedSentence,
    ModelRevision,
    Probabilities,
    Provenance,
    ScoredSpan,
    StanceTag,
    Summary,
)
from newswire.stories.model import Block, DeadLetter, Origin, RawReference, Story

NOON = datetime(2024, 5, 17, 12, 0, tzinfo=UTC)
_LEAD = "Harbour pilots in Brindle Bay voted to end their strike on Friday."


def a_raw_reference(**differs: Any) -> RawReference:
    return RawReference.model_validate(
        {
            "bucket": "archive",
            "key": "raw/test/2024/05/17/abc",
            "sha256": "0" * 64,
            "size": 120,
            "media_type": "text/plain",
            "source": "test",
            "uri": "file.txt",
            "archived_at": NOON,
        }
        | differs
    )


def a_draft(**differs: Any) -> Draft:
    given = {
        "id": "tag:example.org,2024:1",
        "headline": "Pilots end strike",
        "body": [Block(text=_LEAD), Block(text="Ships were moving again by noon.")],
        "version_created": NOON,
    }
    return Draft(**(given | differs))


def a_story(**differs: Any) -> Story:
    return Story.model_validate(
        {
            "id": "tag:example.org,2024:1",
            "version": 1,
            "first_created": NOON,
            "version_created": NOON,
            "headline": "Pilots end strike",
            "provider": "Example Wire",
            "body": [{"text": _LEAD}, {"text": "Ships were moving again by noon."}],
            "raw": a_raw_reference(),
        }
        | differs
    )


def an_embedding(direction: int = 0) -> tuple[float, ...]:
    """A unit vector along one of the axes."""
    return tuple(float(axis == direction) for axis in range(EMBEDDING_DIMENSIONS))


def a_quote(text: str = _LEAD, score: float = 0.8) -> ScoredSpan:
    """The beginning of a story's body."""
    return ScoredSpan(text=text, start=0, end=len(text), score=score)


def a_stance(
    target: str = "strike", stance: str = "against", quote: str = _LEAD, **differs: Any
) -> StanceTag:
    others = {"favor": 0.1, "against": 0.1, "neutral": 0.1} | {stance: 0.8}
    return StanceTag.model_validate(
        {
            "target": target,
            "name": f"the {target}",
            "stance": stance,
            "probabilities": Probabilities.model_validate(others),
            "evidence": [a_quote(quote)],
        }
        | differs
    )


def a_generated_summary(text: str = "Pilots ended a strike.", quote: str = _LEAD) -> Summary:
    """In a model's own words; one more sentence was not supported by the body."""
    spans = (a_quote(quote),)
    return Summary(
        sentences=spans, generated=(GeneratedSentence(text=text, evidence=spans),), dropped=1
    )


def an_enrichment(quote: str = _LEAD, **differs: Any) -> Enrichment:
    """Of a story whose body begins with ``quote``."""
    generation = differs.pop("generation", 0)
    return Enrichment.model_validate(
        {
            "summary": Summary(sentences=(a_quote(quote),)),
            "stances": [a_stance(quote=quote)],
            "embedding": an_embedding(),
            "provenance": Provenance(
                generation=generation,
                models=(ModelRevision(task="encoder", name="test", revision="0" * 64),),
                watchlist="0" * 64,
                code="0.0",
                enriched_at=NOON,
            ),
        }
        | differs
    )


def an_enriched_story(story: Story | None = None, **enrichment: Any) -> EnrichedStory:
    story = story or a_story()
    return EnrichedStory(
        story=story, enrichment=an_enrichment(story.body[0].text[:80], **enrichment)
    )


def a_dead_letter(**differs: Any) -> DeadLetter:
    return DeadLetter.model_validate(
        {
            "stage": "parse",
            "error": "NoArticle",
            "message": "no article on the page",
            "origin": Origin(source="test", uri="file.txt"),
            "failed_at": NOON,
        }
        | differs
    )
