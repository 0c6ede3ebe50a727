"""Who is named in a story, who else is meant by it, and who says what: a reading put together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from newswire.enrichment.attributions import Attribution
from newswire.enrichment.decoding import Span
from newswire.enrichment.entities import Entity, merge
from newswire.enrichment.mentions import Mention, Resolver, kind_of, mentions_in
from newswire.enrichment.reader import Reading
from newswire.enrichment.sentences import Extent
from newswire.stories.model import Entity as StoryEntity
from newswire.stories.model import EntityMention, MentionForm, Quote
from newswire.stories.model import Span as TextSpan

_SPEAKS_FOR = re.compile(
    r"\b(?:spokes(?:man|woman|person|people)|representatives?|spokesmen|envoy|press secretary)"
    r"\s+(?:for|of|from)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
"""Before a name: whoever it is speaks for it."""

_OF_ANOTHER = re.compile(
    r"\b(?:of|for|to|with|by|from|at|in|on|near|against|about|under|over)\s+(?:the\s+)?(?:\w+\s+)?$",
    re.IGNORECASE,
)
"""Before a name that only says more of somebody else: "a lawyer for Ann Ruiz"."""

_OWNED = re.compile(r"['’]s?\b")
"""Behind a name that only owns the source: "Ann Ruiz's lawyer"."""


_QUOTATION = re.compile(r"[\"“”«»„]|(?<!\w)[‘']\w")
"""The mark of somebody's own words; an apostrophe is none."""


@dataclass(frozen=True)
class Said:
    """An attribution and whose it is."""

    attribution: Attribution
    speaker: Entity | None
    """None: nobody whom the story names."""


@dataclass(frozen=True)
class Cast:
    """Who is in a story and what they say."""

    entities: tuple[Entity, ...]
    meant: tuple[tuple[Mention, Entity], ...]
    """Pronouns and noun phrases that stand for one of them."""
    said: tuple[Said, ...]
    """Those with a content, in the text's order."""

    def shown_entities(self, text: str) -> Iterator[StoryEntity]:
        """The entities as a story has them."""
        meant: dict[int, list[EntityMention]] = {}
        for mention, entity in self.meant:
            kind = kind_of(text[mention.start : mention.end])
            form: MentionForm = "nominal" if kind.startswith("phrase") else "pronoun"
            meant.setdefault(id(entity), []).append(
                _mention_shown(text, mention.start, mention.end, form)
            )
        for entity in self.entities:
            names = [_mention_shown(text, own.start, own.end, "name") for own in entity.mentions]
            every = [*names, *meant.get(id(entity), ())]
            yield StoryEntity(
                name=entity.name,
                type=entity.type,
                mentions=tuple(sorted(every, key=lambda own: (own.start, own.end))),
            )

    def shown_quotes(self, text: str) -> Iterator[Quote]:
        """What is said, as a story has it."""
        for own in self.said:
            source, cue, content = (
                tuple(TextSpan(text=text[a:b], start=a, end=b) for a, b in part)
                for part in (own.attribution.source, own.attribution.cue, own.attribution.content)
            )
            yield Quote(
                source=source,
                cue=cue,
                content=content,
                speaker=own.speaker.name if own.speaker else None,
                direct=any(_QUOTATION.search(span.text) for span in content),
            )


def cast(text: str, sentences: Sequence[Extent], reading: Reading, resolver: Resolver) -> Cast:
    """Merge the names of a story, resolve what stands for them, and tell each quote's speaker.

    Args:
        text: What all offsets refer to.
        sentences: Those that were read.
        reading: What the reader found in them.
        resolver: Who is meant.
    """
    entities = merge(text, reading.names)
    said = [own for own in reading.attributions if own.content]
    named = [_named_source(text, own.source, entities) for own in said]
    # A source that is no name is a mention too, whatever its form: "its representative".
    asked = set(mentions_in(text, sentences, resolver.lexicon))
    asked |= {
        _mention(own) for own, name in zip(said, named, strict=True) if not name and own.source
    }
    mentions = sorted(asked, key=lambda own: (own.start, own.end))
    meant = dict(zip(mentions, resolver.resolve(text, entities, mentions), strict=True))
    return Cast(
        entities=tuple(entities),
        meant=tuple((mention, own) for mention, own in meant.items() if own is not None),
        said=tuple(
            Said(own, name or (meant[_mention(own)] if own.source else None))
            for own, name in zip(said, named, strict=True)
        ),
    )


def _mention_shown(text: str, start: int, end: int, form: MentionForm) -> EntityMention:
    return EntityMention(text=text[start:end], start=start, end=end, form=form)


def _mention(attribution: Attribution) -> Mention:
    return Mention(*attribution.source[0])


def _named_source(text: str, source: Sequence[Span], entities: Sequence[Entity]) -> Entity | None:
    """The entity that a source names as the one who speaks; people before organisations."""
    found: list[tuple[bool, int, Entity]] = []
    for start, end in source:
        for entity in entities:
            for own in entity.mentions:
                if start <= own.start and own.end <= end:
                    before, behind = text[start : own.start], text[own.end : end]
                    speaks = _SPEAKS_FOR.search(before) is not None
                    if speaks or not (_OF_ANOTHER.search(before) or _OWNED.match(behind)):
                        found.append((entity.type != "person", own.start, entity))
    return min(found, key=lambda own: own[:2])[2] if found else None
