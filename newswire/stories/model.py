"""The canonical story, and the same story enriched: the values of the topics.

Field names are the snake_case spelling of IPTC ninjs 3 where it has the thing. The JSON Schemas
under ``schemas/topics/`` are generated from these classes (``python -m newswire.contracts``);
a test holds the two together.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, model_validator

Stance = Literal["favor", "against", "neutral"]
EntityType = Literal["person", "organisation", "place"]
MentionForm = Literal["name", "pronoun", "nominal"]
BlockKind = Literal["paragraph", "crosshead", "table", "quote", "list-item"]
Role = Literal["writing", "reporting", "editing", "other"]
BLOCK_SEPARATOR = "\n\n"
"""What stands between two blocks in :attr:`Story.text`, to which all offsets refer."""

MAX_ID_CHARS = 2048
"""Longest id of a story. It is also the record's key and stands in two of its headers."""

EMBEDDING_DIMENSIONS = 384
"""Length of :attr:`Enrichment.embedding`; the index's mapping has the same."""

GENERATIONS = 2**20 - 2
"""How many generations of enrichment there are: they share 20 bits with the two withdrawals."""

WATCHLIST_REVISIONS = 2**10
"""How many revisions of a watch-list there are: a generation is the models', times this, plus the
watch-list's."""

_UNIT_TOLERANCE = 1e-3
"""Of a squared length: what Elasticsearch's `dot_product` allows."""


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a date without a time zone")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("a date that in UTC lies outside the years 1 to 9999") from None


Moment = Annotated[datetime, AfterValidator(_aware)]
"""A date with a time zone; kept in UTC, written as RFC 3339."""

Text = Annotated[str, Field(min_length=1)]
Probability = Annotated[float, Field(ge=0, le=1)]


class Record(BaseModel):
    """Base of everything that is written to a topic: frozen, and blind to what it doesn't know.

    Unknown fields are ignored, so that a reader of version 1 reads every later version 1.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    def to_json(self) -> bytes:
        """UTF-8 JSON, absent fields left out."""
        return self.model_dump_json(exclude_none=True).encode("utf-8")


@dataclass(frozen=True, slots=True)
class Value:
    """Base of the small parts of a story, of which a parser makes some dozens for each.

    One is made in half the time that a record takes, and is not looked at: the record that it
    becomes a part of validates it, whoever made it.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(
        extra="ignore", revalidate_instances="always"
    )


class PubStatus(StrEnum):
    """IPTC publishing status."""

    USABLE = "usable"
    WITHHELD = "withheld"
    CANCELED = "canceled"


class ItemType(StrEnum):
    """What kind of item it is: the values of ninjs, and IPTC's item classes beyond news."""

    TEXT = "text"
    PICTURE = "picture"
    GRAPHIC = "graphic"
    AUDIO = "audio"
    VIDEO = "video"
    COMPOSITE = "composite"
    """A package: its :attr:`Story.links` name the items in it."""
    COMPONENT = "component"
    """A part of other items, or a text item whose text is elsewhere."""
    PLANNING = "planning"
    EVENT = "event"
    CONCEPT = "concept"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block(Value):
    """One block of the body."""

    kind: BlockKind = "paragraph"
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption(Value):
    """The caption of a picture, and who made the picture; never part of the body."""

    text: Text
    credit: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contributor(Value):
    """Who did what for the story, as its credit lines say."""

    role: Role
    name: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject(Value):
    """What the story is about: an IPTC Media Topic, another scheme's code, or a word."""

    qcode: Annotated[
        Text,
        Field(
            description="scheme:code, e.g. medtop:20000065; a bare code or word where the wire "
            "names no scheme"
        ),
    ]
    name: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link(Value):
    """A link to another story, or to an earlier version of this one."""

    rel: Annotated[Text, Field(description="e.g. previous, related, alternate")]
    href: Text


class QualityMark(Record):
    """Something doubtful about a story as it came in; nothing was repaired."""

    reason: Annotated[str, Field(pattern="^[a-z]+(-[a-z]+)*$")] = Field(
        description="e.g. date-missing, language-mismatch, body-truncated, mojibake; there will be "
        "others"
    )
    detail: Text = Field(description="What was seen, for people.")


class RawReference(Record):
    """Where the untouched bytes are that the story was parsed from."""

    bucket: Text
    key: Text
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    size: int = Field(ge=0, description="bytes")
    media_type: Text = Field(description="as sniffed, not as declared")
    source: Text = Field(description="the name in sources.yaml")
    uri: Text = Field(description="where the bytes were fetched")
    archived_at: Moment


class Story(Record):
    """One version of one story."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"properties": {"pub_status": {"const": "usable"}, "type": {"const": "text"}}},
            "then": {
                "required": ["headline", "body"],
                "properties": {"body": {"minItems": 1}},
            },
        }
    )

    id: Text = Field(
        max_length=MAX_ID_CHARS,
        description="The provider's own (RSS guid, Atom id), else the canonical URL, "
        "else urn:sha256: and a hash of the content.",
    )
    lineage: Text | None = Field(
        None,
        max_length=MAX_ID_CHARS,
        description="What all versions of the story share, where the provider's id names one "
        "version, or several stories. Absent: the id does.",
    )
    type: ItemType = ItemType.TEXT
    version: int = Field(
        ge=0,
        lt=2**43,
        description="Higher supersedes lower. As stated, else the time of this version "
        "in milliseconds since 1970.",
    )
    pub_status: PubStatus = PubStatus.USABLE
    first_created: Moment = Field(
        description="Never changes over the versions: the index is computed from its month."
    )
    version_created: Moment
    embargoed_until: Moment | None = None
    expires: Moment | None = None
    headline: Text | None = Field(
        None, description="Absent only in what is withdrawn, and in what is no text."
    )
    byline: Text | None = None
    dateline: Text | None = None
    located: Text | None = None
    language: Annotated[str, Field(pattern="^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$")] | None = Field(
        None, description="BCP 47, as stated"
    )
    provider: Text | None = Field(None, description="Who wrote it: the agency or publisher.")
    credit: Text | None = None
    section: Text | None = None
    urgency: int | None = Field(None, ge=1, le=9)
    slugline: Text | None = None
    keywords: tuple[Text, ...] = ()
    subjects: tuple[Subject, ...] = ()
    contributors: tuple[Contributor, ...] = ()
    ednote: Text | None = None
    rights: Text | None = None
    url: Text | None = Field(None, description="The canonical URL.")
    body: tuple[Block, ...] = ()
    captions: tuple[Caption, ...] = ()
    links: tuple[Link, ...] = ()
    raw: RawReference
    quality: tuple[QualityMark, ...] = Field(
        (), description="What is doubtful about it, as it came in."
    )
    parser: int = Field(
        0, ge=0, description="Revision of the parsers that read it: a higher one reads more truly."
    )
    extra: dict[str, JsonValue] = Field(
        default_factory=dict, description="What the format says and no field here is for."
    )

    @property
    def key(self) -> str:
        """Which story it is a version of: the records' key, and the source of ``_id``."""
        return self.lineage or self.id

    @property
    def text(self) -> str:
        """The body as one string: the blocks, :data:`BLOCK_SEPARATOR` between them."""
        return BLOCK_SEPARATOR.join(block.text for block in self.body)


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
    stance: Stance
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
    stance: Stance
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


class Origin(Record):
    """Where a record that went wrong came from: a source, or a place in a topic."""

    source: Text | None = None
    uri: Text | None = None
    topic: Text | None = None
    partition: int | None = Field(None, ge=0)
    offset: int | None = Field(None, ge=0)


class DeadLetter(Record):
    """An input that could not go on, its cause, and where it can be had again."""

    stage: Literal["fetch", "parse", "enrich", "index"]
    error: Text = Field(description="The class of the error, e.g. NoArticle")
    message: Text = Field(description="The cause and the remedy, one line")
    origin: Origin
    raw: RawReference | None = Field(None, description="Where bytes were got")
    value: str | None = Field(
        None, description="The record that went wrong, base64, where it came from a topic"
    )
    failed_at: Moment
