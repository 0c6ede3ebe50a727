"""A story as an Elasticsearch document: its index, its id, its version and its fields."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar, get_args

from pydantic import AliasPath, BaseModel, ConfigDict, Field, JsonValue

from newswire.stories.enriched import (
    GENERATIONS,
    EnrichedStory,
    Enrichment,
    Entity,
    EntityType,
    Provenance,
    Quote,
    SpeakerStance,
    Stance,
    StanceTag,
    Summary,
)
from newswire.stories.identity import fingerprint
from newswire.stories.links import Links
from newswire.stories.model import Moment, PubStatus, Story
from newswire.stories.shingles import bands, signature

INDEX_PREFIX = "newswire-stories-"
GENERATION_BITS = 20
"""Of the external version: below the story's own version, which has 43 bits of 63."""
NAMED: dict[EntityType, str] = {
    "person": "people",
    "organisation": "organisations",
    "place": "places",
}
"""Fields with the names of a story's entities."""
_WITHDRAWN = {PubStatus.WITHHELD: GENERATIONS, PubStatus.CANCELED: GENERATIONS + 1}
"""What stands in those bits of a withdrawal: it outranks every enrichment of its version."""

_WITHDRAWN_KEEPS = {
    "id",
    "lineage",
    "type",
    "version",
    "pub_status",
    "first_created",
    "version_created",
    "provider",
    "ednote",
    "raw",
    "parser",
}


class TieBreak(BaseModel):
    """What decides between two documents of one id and one external version: the greater stays."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    version_created: Moment
    archived_at: Moment = Field(validation_alias=AliasPath("raw", "archived_at"))
    parser: int = 0
    fingerprint: str = ""

    FIELDS: ClassVar = ["version_created", "raw.archived_at", "parser", "fingerprint"]
    """Where they are in a document."""

    def __lt__(self, other: TieBreak) -> bool:
        return tuple(self.model_dump().values()) < tuple(other.model_dump().values())


@dataclass(frozen=True)
class Document:
    """What is written to Elasticsearch."""

    index: str
    id: str
    version: int
    fields: dict[str, JsonValue]

    @property
    def tie_break(self) -> TieBreak:
        """What decides where another document has its id and its version."""
        return TieBreak.model_validate(self.fields)


class IndexedStory(Story):
    """A story as a reader of the index gets it, without the embedding."""

    language_read: str | None = None
    """:attr:`Enrichment.language`; ``language`` is what the story states."""
    summary: Summary | None = None
    stances: tuple[StanceTag, ...] = ()
    entities: tuple[Entity, ...] = ()
    quotes: tuple[Quote, ...] = ()
    speakers: tuple[SpeakerStance, ...] = ()
    provenance: Provenance | None = None
    duplicate_of: str | None = None
    """Key of the earliest story of the same copy, where this is not it."""
    thread_id: str | None = None
    """Key of the earliest story of the same event: its own, where this is the first."""
    indexed_at: Moment


def index_name(story: Story) -> str:
    """The month's index: from what never changes, since an id is unique in one index only."""
    return f"{INDEX_PREFIX}{story.first_created:%Y.%m}"


def document_id(key: str) -> str:
    """``_id``: a hash, since a story's key may be longer than the 512 bytes of an ``_id``."""
    return hashlib.sha256(key.encode("utf-8")).hexdigest()


def external_version(enriched: EnrichedStory) -> int:
    """The story's own version, and in the low bits the generation of its enrichment.

    The first two parts of :class:`newswire.stories.fold.Precedence`; the rest is the document's
    :class:`TieBreak`.
    """
    generation = enriched.enrichment.provenance.generation if enriched.enrichment else 0
    low = _WITHDRAWN.get(enriched.story.pub_status, generation)
    return (enriched.story.version << GENERATION_BITS) | low


def document(enriched: EnrichedStory, now: datetime | None = None) -> Document:
    """The document, without links to others. Of what is not usable only a tombstone is left."""
    story, enrichment = enriched.story, enriched.enrichment
    usable = story.pub_status is PubStatus.USABLE
    fields: dict[str, JsonValue] = story.model_dump(
        mode="json", exclude_none=True, include=None if usable else _WITHDRAWN_KEEPS
    )
    if usable:
        fields["text"] = story.text
        if (copy := signature(story.text)) is not None:
            fields |= {"signature": copy.pack(), "bands": [*bands(copy)]}
        fields["thread_id"] = story.key
        if enrichment is not None:
            dumped = enrichment.model_dump(mode="json", exclude_none=True, exclude={"language"})
            # `language` is the story's own: what it states, and is to be enriched anew with.
            if enrichment.language is not None:
                fields["language_read"] = enrichment.language
            fields |= {**dumped, "summary": {**dumped["summary"], "text": enrichment.summary.text}}
            fields["targets"] = _targets(enrichment)
            fields["quotes"] = [
                {**shown, "text": quote.text}
                for shown, quote in zip(dumped["quotes"], enrichment.quotes, strict=True)
            ]
            fields |= _named(enrichment)
    fields["fingerprint"] = fingerprint(story)
    fields["indexed_at"] = (now or datetime.now(UTC)).isoformat()
    return Document(index_name(story), document_id(story.key), external_version(enriched), fields)


def with_links(fields: Mapping[str, JsonValue], links: Links) -> dict[str, JsonValue]:
    """The fields of a document with these links in place of those that it has."""
    rest = {name: value for name, value in fields.items() if name not in Links._fields}
    return rest | {name: key for name, key in links._asdict().items() if key is not None}


def _targets(enrichment: Enrichment) -> dict[str, JsonValue]:
    """The targets' ids by stance: a chart that can't count nested fields counts these."""
    return {
        stance: [tag.target for tag in enrichment.stances if tag.stance == stance]
        for stance in get_args(Stance)
    }


def _named(enrichment: Enrichment) -> dict[str, JsonValue]:
    """Names by type, for facets; the fields are called as in IPTC ninjs."""
    return {
        field: [entity.name for entity in enrichment.entities if entity.type == kind]
        for kind, field in NAMED.items()
    }
