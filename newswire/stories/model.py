"""The canonical story: what all topics carry, each in its own way.

Field names are the snake_case spelling of IPTC ninjs 3 where it has the thing. The JSON Schemas
under ``schemas/topics/`` are generated from these classes (``python -m newswire.contracts``);
a test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue

BlockKind = Literal["paragraph", "crosshead", "table", "quote", "list-item"]
Role = Literal["writing", "reporting", "editing", "other"]
BLOCK_SEPARATOR = "\n\n"
"""What stands between two blocks in :attr:`Story.text`, to which all offsets refer."""

MAX_ID_CHARS = 2048
"""Longest id of a story. It is also the record's key and stands in two of its headers."""


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
