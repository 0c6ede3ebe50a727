"""What the transformers say of a story: the value of the topic of enriched stories.

Everything that is quoted is a span of the story's text, verbatim; :class:`EnrichedStory` holds each
against it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from newswire.stories.model import Moment, Record, Story, Text

Stance = Literal["favor", "against", "neutral"]
EntityType = Literal["person", "organisation", "place"]
MentionForm = Literal["name", "pronoun", "nominal"]
EMBEDDING_DIMENSIONS = 384
"""Length of :attr:`Enrichment.embedding`; the index's mapping has the same."""

GENERATIONS = 2**20 - 2
"""How many generations of enrichment there are: they share 20 bits with the two withdrawals."""

WATCHLIST_REVISIONS = 2**10
"""How many revisions of a watch-list there are: a generation is the models', times this, plus the
watch-list's."""

_UNIT_TOLERANCE = 1e-3
"""Of a squared length: what Elasticsearch's `dot_product` allows."""


Probability = Annotated[float, Field(ge=0, le=1)]


class Span(Record):
    """A verbatim part of :attr:`Story.text`: Unicode code points, end exclusive."""

    text: Text
    start: int = Field(ge=0)
    end: int = Field(ge=1)

    @model_validator(mode="after")
    def _as_long_as_its_text(self) -> Self:
        # JSON Schema can't compare two fields.
        if self.end - self.start != len(self.text):
            raise ValueError(
                f"a span from {self.start} to {self.end} of a text of {len(self.text)} characters"
            )
        return self


class ScoredSpan(Span):
    """A span and how much a model thinks of it."""

    score: float


class GeneratedSentence(Record):
    """A sentence that a model wrote. It is no quotation: what it says stands in the evidence."""

    text: Text
    evidence: tuple[ScoredSpan, ...] = Field(
        min_length=1, description="The sentences of the body that support it, the strongest first."
    )


class Summary(Record):
    """Sentences of the body, verbatim and in story order; and a model's own words, where it wrote.

    Whoever knows ``sentences`` only has a summary that quotes: of a generated one they are the
    strongest evidence of each of its sentences.
    """

    sentences: tuple[ScoredSpan, ...]
    generated: tuple[GeneratedSentence, ...] | None = Field(
        None,
        min_length=1,
        description="The summary as a model wrote it, without what the body doesn't support; "
        "absent where none writes, or nothing was left.",
    )
    dropped: int | None = Field(
        None,
        ge=0,
        description="How many sentences a model wrote that the body doesn't support; they are not "
        "kept. Absent where none writes.",
    )
    lead: Literal[True] | None = Field(
        None,
        description="The sentences are the body's first ones, because it is in a language that the "
        "models don't read. Absent where a model chose them.",
    )

    @property
    def text(self) -> str:
        """What was generated, else the sentences, one space between them."""
        return " ".join(sentence.text for sentence in self.generated or self.sentences)

    @property
    def spans(self) -> tuple[ScoredSpan, ...]:
        """Every sentence of the body in it."""
        written = self.generated or ()
        return self.sentences + tuple(span for own in written for span in own.evidence)


class Probabilities(Record):
    """Calibrated probabilities; they sum to 1."""

    favor: Probability
    against: Probability
    neutral: Probability


class StanceTag(Record):
    """The stance of the story toward one target of the watch-list."""

    target: Text = Field(description="The target's id in targets.yaml")
    name: Text = Field(description="The target's name when the tag was made")
    stance: Stance = Field(
        description="The likeliest; neutral too where both sides are about alike."
    )
    probabilities: Probabilities
    evidence: tuple[ScoredSpan, ...] = Field(
        min_length=1, description="The sentences that show it, the strongest first."
    )


class EntityMention(Span):
    """A place where a story names somebody, or means him without his name."""

    form: MentionForm = Field(description="name: a proper name; pronoun; nominal: a noun phrase")


class Entity(Record):
    """Somebody or something that a story names, and every place where it is meant."""

    name: Text = Field(description="The fullest of the names that the story has for it")
    type: EntityType
    mentions: tuple[EntityMention, ...] = Field(min_length=1, description="In the text's order.")


class Quote(Record):
    """What somebody says, writes, believes or intends, directly or indirectly.

    Each part is verbatim, and several spans where it is interrupted ("…," she said, "…").
    """

    source: tuple[Span, ...] = Field(
        description="Who, as it stands there; empty where the story names nobody."
    )
    cue: tuple[Span, ...] = Field(min_length=1, description='"said", "according to", "hopes".')
    content: tuple[Span, ...] = Field(min_length=1)
    speaker: Text | None = Field(
        None,
        description="Name of the entity that the source stands for; absent where it is none.",
    )
    direct: bool = Field(description="Whether it holds the speaker's own words in quotation marks.")

    @property
    def text(self) -> str:
        """The content, one space between its parts."""
        return " ".join(span.text for span in self.content)


class SpeakerStance(Record):
    """The stance of one speaker, in his own words, toward a target or an entity of the story."""

    speaker: Text = Field(description="Name of an entity of the story")
    target: Text | None = Field(
        None, description="The target's id in targets.yaml; absent for an entity of the story."
    )
    name: Text = Field(description="The target's or the entity's name")
    stance: Stance = Field(
        description="The likeliest; neutral too where both sides are about alike."
    )
    probabilities: Probabilities
    evidence: tuple[ScoredSpan, ...] = Field(
        min_length=1, description="What he says of it, the strongest first."
    )


class ModelRevision(Record):
    """Which weights made something."""

    task: Text = Field(description="encoder, summary, stance, reader, …")
    name: Text
    revision: Annotated[str, Field(pattern="^[0-9a-f]{64}$")] = Field(
        description="sha256 of the weights"
    )


class Provenance(Record):
    """What made an enrichment, so that it can be told from a newer one."""

    generation: int = Field(
        ge=0,
        lt=GENERATIONS,
        description="Rises with the models and the watch-list; low bits of the index version.",
    )
    models: tuple[ModelRevision, ...]
    watchlist: Annotated[str, Field(pattern="^[0-9a-f]{64}$")] = Field(
        description="sha256 of the watch-list"
    )
    watchlist_revision: int | None = Field(
        None,
        ge=0,
        lt=WATCHLIST_REVISIONS,
        description="The revision that the watch-list states. Absent in what earlier releases "
        "made: there it is the generation modulo 1024.",
    )
    code: Text = Field(description="Newswire's version")
    enriched_at: Moment

    @property
    def revision_of_watchlist(self) -> int:
        """The watch-list's revision, stated or not."""
        stated = self.watchlist_revision
        return self.generation % WATCHLIST_REVISIONS if stated is None else stated


class Enrichment(Record):
    """What the transformers say of a story."""

    language: Annotated[str, Field(pattern="^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$")] | None = Field(
        None,
        description="BCP 47: the language that the story is in, as it states or else reads; the "
        "models read English only. Absent where nothing tells: it was read as English then, unless "
        "summary.lead says otherwise. Absent too in what earlier releases made.",
    )
    summary: Summary
    stances: tuple[StanceTag, ...] = ()
    entities: tuple[Entity, ...] = Field(
        (), description="The people, organisations and places that the story names."
    )
    quotes: tuple[Quote, ...] = Field((), description="In the text's order.")
    speakers: tuple[SpeakerStance, ...] = Field(
        (), description="The stance of each speaker toward what his quotes touch."
    )
    embedding: tuple[float, ...] | None = Field(
        None,
        min_length=EMBEDDING_DIMENSIONS,
        max_length=EMBEDDING_DIMENSIONS,
        description="Of headline and summary, unit length; absent where they hold no text.",
    )
    provenance: Provenance

    @model_validator(mode="after")
    def _of_unit_length(self) -> Self:
        # JSON Schema can't calculate.
        if self.embedding is not None:
            squared = math.fsum(value * value for value in self.embedding)
            if not abs(squared - 1) <= _UNIT_TOLERANCE:
                raise ValueError(f"an embedding of length {math.sqrt(squared):.4f}, not 1")
        return self

    @property
    def spans(self) -> Iterator[Span]:
        """Every part of the body that is quoted, whatever for."""
        yield from self.summary.spans
        for tag in self.stances:
            yield from tag.evidence
        for own in self.speakers:
            yield from own.evidence
        for entity in self.entities:
            yield from entity.mentions
        for quote in self.quotes:
            yield from (*quote.source, *quote.cue, *quote.content)


class EnrichedStory(Record):
    """A story and its enrichment. A withdrawn story has none."""

    model_config = ConfigDict(
        json_schema_extra={
            # Two conditions, each of a story that is there: without one, that is the only mistake.
            "allOf": [
                {
                    "if": {
                        "required": ["story"],
                        "properties": {
                            "story": {"properties": {"pub_status": {"const": "usable"}}}
                        },
                    },
                    "then": {"required": ["enrichment"]},
                },
                {
                    "if": {
                        "required": ["story"],
                        "properties": {
                            "story": {
                                "required": ["pub_status"],
                                "properties": {"pub_status": {"not": {"const": "usable"}}},
                            }
                        },
                    },
                    "then": {"properties": {"enrichment": {"not": {}}}},
                },
            ]
        }
    )

    story: Story
    enrichment: Enrichment | None = None

    @model_validator(mode="after")
    def _quotes_verbatim(self) -> Self:
        # JSON Schema can't look up one field in another.
        if self.enrichment is not None:
            text = self.story.text
            for span in self.enrichment.spans:
                if text[span.start : span.end] != span.text:
                    raise ValueError(
                        f"a span from {span.start} to {span.end} that does not quote the body"
                    )
        return self
