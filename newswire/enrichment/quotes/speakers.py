"""Who is named in a story, who else is meant by it, and who says what: a reading put together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from newswire.enrichment.quotes.attributions import Attribution
from newswire.enrichment.quotes.decoding import Bounds
from newswire.enrichment.quotes.entities import NamedEntity, NameIndex, merge
from newswire.enrichment.quotes.marks import any_in
from newswire.enrichment.quotes.mentions import Mention, kind_of, mentions_in
from newswire.enrichment.quotes.reader import Reading
from newswire.enrichment.quotes.resolver import Resolver
from newswire.enrichment.quotes.voices import Voice
from newswire.enrichment.sentences import Extent
from newswire.stories.enriched import Entity, EntityMention, MentionForm, Quote, Span

_SPEAKS = re.compile(
    r"\b(?:spokes(?:man|woman|person|people)|representatives?|spokesmen|envoy|press secretary)"
    r"\s+(?:for|of|from)\s",
    re.IGNORECASE,
)
"""In a source: whoever it is speaks for another."""

_SPEAKS_FOR = re.compile(rf"{_SPEAKS.pattern}\s*(?:the\s+)?$", re.IGNORECASE)
"""Before a name: whoever it is speaks for it."""

_REPRESENTATIVE = re.compile(
    r"(?:an?|the|(?P<its>its|their|his|her)|one)\s+(?:[\w-]+\s+)?"
    r"(?:representative|spokes(?:man|woman|person)|press secretary)"
    r"(?:\s+(?:of|for|from)\s+(?P<whom>.+))?",
    re.IGNORECASE,
)
"""Somebody without a name who speaks for another."""

_OF_ANOTHER = re.compile(
    r"\b(?:of|for|to|with|by|from|at|in|on|near|against|about|under|over)\s+(?:the\s+)?(?:\w+\s+)?$",
    re.IGNORECASE,
)
"""Before a name that only says more of somebody else: "a lawyer for Ann Ruiz"."""

_OWNED = re.compile(r"['’]")
"""Behind a name that only owns the source: "Ann Ruiz's lawyer"."""

_HEAD = re.compile(r"\s+(?P<noun>[a-z]+)|-[a-z]")
"""Behind a name that only says more of a noun: "the Kremlin chief", "Porto-based Fjordline"."""

_ITSELF = frozenset(
    "group party company agency ministry government administration campaign newspaper union team "
    "spokesman spokeswoman spokesperson website magazine network office foundation institute "
    "department committee commission council association movement organization organisation who "
    "and in at of on".split()
)
"""Nouns behind a name that are the named one itself, or speak for it."""


_HIMSELF = re.compile(r",?\s+(?:himself|herself|itself|themselves|now|also|too)$")
"""Behind a name that is all of a source."""


BESIDE_CUE = 60
"""Characters of a name that stands right beside a cue."""


@dataclass(frozen=True)
class Said:
    """An attribution and whose it is."""

    attribution: Attribution
    speaker: NamedEntity | None
    """None: nobody whom the story names."""


@dataclass(frozen=True)
class Cast:
    """Who is in a story and what they say."""

    entities: tuple[NamedEntity, ...]
    meant: tuple[tuple[Mention, NamedEntity], ...]
    """Pronouns and noun phrases that stand for one of them."""
    said: tuple[Said, ...]
    """Those with a content, in the text's order."""

    def shown_entities(self, text: str) -> Iterator[Entity]:
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
            yield Entity(
                name=entity.name,
                type=entity.type,
                mentions=tuple(sorted(every, key=lambda own: (own.start, own.end))),
            )

    def shown_quotes(self, text: str) -> Iterator[Quote]:
        """What is said, as a story has it."""
        for own in self.said:
            source, cue, content = (
                tuple(Span(text=text[a:b], start=a, end=b) for a, b in part)
                for part in (own.attribution.source, own.attribution.cue, own.attribution.content)
            )
            yield Quote(
                source=source,
                cue=cue,
                content=content,
                speaker=own.speaker.name if own.speaker else None,
                direct=any(any_in(span.text) for span in content),
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
    index = NameIndex(entities)
    said = [_with_source(text, own, index) for own in reading.attributions if own.content]
    spelled = _spelled(text, entities)
    named = [
        number
        if (number := _named_source(text, own.source, entities, index)) is not None
        else _overlooked_source(text, own.source, spelled)
        for own in said
    ]
    sources = [
        None if name is not None or not own.source else _source(text, own)
        for own, name in zip(said, named, strict=True)
    ]
    voices = [
        _voice(text, own, name, source)
        for own, name, source in zip(said, named, sources, strict=True)
        if own.source
    ]
    # A source that is no name is a mention too, whatever its form.
    asked = {source.mention for source in sources if source is not None}
    asked.update(mentions_in(text, sentences, resolver.lexicon))
    mentions = sorted(asked, key=lambda own: (own.start, own.end))
    resolved = resolver.resolve(text, entities, mentions, voices)
    meant = dict(zip(mentions, resolved, strict=True))
    people = [None if number is None else entities[number] for number in named]
    return Cast(
        entities=tuple(entities),
        meant=tuple((mention, own) for mention, own in meant.items() if own is not None),
        said=tuple(
            Said(own, speaker)
            for own, speaker in zip(said, _speakers(people, sources, meant), strict=True)
        ),
    )


@dataclass(frozen=True)
class _Source:
    """A source without a name."""

    mention: Mention
    represents: bool
    """It is a spokesman or the like; :attr:`mention` is whom he speaks for, where that is said."""
    of: bool
    """It is said."""
    pronoun: bool
    """It is "he" or "she"."""


def _source(text: str, attribution: Attribution) -> _Source:
    start, end = attribution.source[0]
    found = _REPRESENTATIVE.fullmatch(text, start, end)
    # "Its representative" is one of whatever "its" stands for.
    whom = next((own for own in ("whom", "its") if found and found.group(own)), None)
    span = found.span(whom) if found and whom else (start, end)
    pronoun = kind_of(text[start:end]) in ("he", "she")
    return _Source(Mention(*span), found is not None, whom is not None, pronoun)


def _voice(text: str, own: Attribution, name: int | None, source: _Source | None) -> Voice:
    by = source.mention if source is not None else name
    assert by is not None
    spans = sorted((*own.source, *own.cue, *own.content))
    return Voice(
        by=by,
        said=own.content,
        source=own.source[0],
        extent=(spans[0][0], max(end for _, end in spans)),
        represents=(source is not None and source.represents)
        or any(_SPEAKS.search(text, start, end) for start, end in own.source),
    )


def _speakers(
    named: Sequence[NamedEntity | None],
    sources: Sequence[_Source | None],
    meant: Mapping[Mention, NamedEntity | None],
) -> Iterator[NamedEntity | None]:
    """Whose each quote is. "The representative" is the one whose side was said before, and so is
    "she" right behind one, where nobody is named whom she may be.
    """
    represented: list[NamedEntity] = []
    by_proxy: NamedEntity | None = None
    for name, source in zip(named, sources, strict=True):
        own = name if source is None else meant[source.mention]
        if source is not None and source.represents:
            if not source.of and len(represented) == 1:
                (own,) = represented
            elif source.of and own is not None and own not in represented:
                represented.append(own)
            by_proxy = own
        elif source is not None and source.pronoun and own is None:
            own = by_proxy
        else:
            by_proxy = None
        yield own


def _is_modifier(behind: str) -> bool:
    head = _HEAD.match(behind)
    return head is not None and head.group("noun") not in _ITSELF


def _mention_shown(text: str, start: int, end: int, form: MentionForm) -> EntityMention:
    return EntityMention(text=text[start:end], start=start, end=end, form=form)


def _named_source(
    text: str, source: Sequence[Bounds], entities: Sequence[NamedEntity], index: NameIndex
) -> int | None:
    """The number of the entity that a source names as the one who speaks; people before
    organisations.
    """
    found: list[tuple[bool, int, int]] = []
    for start, end in source:
        for number, (begins, ends) in index.within((start, end)):
            before, behind = text[start:begins], text[ends:end]
            if _SPEAKS_FOR.search(before) or not (
                _OF_ANOTHER.search(before) or _OWNED.match(behind) or _is_modifier(behind)
            ):
                found.append((entities[number].type != "person", begins, number))
    return min(found)[2] if found else None


def _with_source(text: str, own: Attribution, index: NameIndex) -> Attribution:
    """An attribution without a source, with the name right in front of its cue, or right behind
    where what is said stands in front: `"No," said Ruiz`, and not "told Ruiz".
    """
    if own.source:
        return own
    start, end = own.cue[0][0], own.cue[-1][1]
    inverted = own.content[0][1] <= start and not text[start:end].lower().startswith("told")
    around = max(0, start - BESIDE_CUE), end + BESIDE_CUE
    beside = (
        bounds
        for _, bounds in index.within(around)
        if text[bounds[1] : start] == " " or (inverted and text[end : bounds[0]] == " ")
    )
    source = next(beside, None)
    return own if source is None else replace(own, source=(source,))


def _overlooked_source(
    text: str, source: Sequence[Bounds], spelled: Mapping[str, int]
) -> int | None:
    """The number of the entity by whose name a source goes that the tagger has overlooked."""
    names = (_HIMSELF.sub("", text[start:end]) for start, end in source)
    return next((spelled[name] for name in names if name in spelled), None)


def _spelled(text: str, entities: Sequence[NamedEntity]) -> dict[str, int]:
    """The number of the only entity that is called so; of a person by the last name too."""
    found: dict[str, set[int]] = {}
    for number, entity in enumerate(entities):
        for own in entity.mentions:
            found.setdefault(text[own.start : own.end], set()).add(number)
        if entity.type == "person":
            found.setdefault(entity.name.split()[-1], set()).add(number)
    return {name: own.pop() for name, own in found.items() if len(own) == 1}
