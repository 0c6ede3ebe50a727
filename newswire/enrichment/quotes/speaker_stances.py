"""The stance of each speaker, in his own words, toward what his quotes touch."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from newswire.enrichment.question import PASSAGE_WORDS, Question, about
from newswire.enrichment.quotes.cues import statement
from newswire.enrichment.quotes.decoding import Bounds
from newswire.enrichment.quotes.entities import NamedEntity, NameIndex
from newswire.enrichment.quotes.speakers import Cast, Said
from newswire.enrichment.sentences import Extent
from newswire.enrichment.stance import Answer
from newswire.enrichment.tags import Judged, judge, strongest
from newswire.enrichment.targets import Target
from newswire.stories.enriched import Span, SpeakerStance

MOST_ASKED = 24
"""Questions for one story: what its speakers say of the watch-list first, then of each other."""

SURE = 0.5
"""Least probability of a side that is laid in somebody's mouth: likelier than all else together. A
wrong one is worse than none."""


@dataclass(frozen=True)
class Touched:
    """A target and where the story touches it."""

    target: Target
    sentences: tuple[Extent, ...]
    """Close to it in meaning, for a topic or a claim; those that name it for others."""
    names: re.Pattern[str]


@dataclass(frozen=True)
class Asked:
    """One question: what a speaker's quote says of something."""

    speaker: NamedEntity
    target: str | None
    """Id on the watch-list; None: an entity of the story."""
    name: str
    evidence: tuple[Bounds, ...]
    """His words: of a quote in several pieces those that name it, where it is somebody."""
    question: Question
    turned: bool = False
    """He says the opposite of what is asked."""


def questions(
    text: str, sentences: Sequence[Extent], own: Cast, touched: Sequence[Touched]
) -> list[Asked]:
    """What to ask of a story's quotes, at most :data:`MOST_ASKED`.

    Where there is more to ask, speakers and what they speak of get equal shares.
    """
    spoken = [(said, said.speaker) for said in own.said if said.speaker is not None]
    watched = _shared_out(list(_of_watchlist(text, sentences, spoken, touched)), MOST_ASKED)
    named = list(_of_entities(text, sentences, spoken, own.entities, touched))
    return [*watched, *_shared_out(named, MOST_ASKED - len(watched))]


def _shared_out(asked: Sequence[Asked], most: int) -> list[Asked]:
    """At most so many, in their order: those whose speaker and target were asked of the least."""
    if len(asked) <= most:
        return list(asked)
    times: Counter[tuple[str, str]] = Counter()
    left = list(range(len(asked)))

    def keys(number: int) -> list[tuple[str, str]]:
        own = asked[number]
        return [("speaker", own.speaker.name), ("target", own.name)]

    chosen = []
    for _ in range(most):
        number = min(left, key=lambda at: sum(times[key] for key in keys(at)))
        left.remove(number)
        chosen.append(number)
        times.update(keys(number))
    return [asked[number] for number in sorted(chosen)]


def stances(
    text: str, asked: Sequence[Asked], answers: Sequence[Answer]
) -> tuple[SpeakerStance, ...]:
    """The stances that the answers make, in the order of the questions.

    A side, or one and the other, is said of somebody only where it is :data:`SURE`. Toward an
    entity that nobody watches only a side is kept: that a speaker names another says nothing.
    """
    groups: dict[tuple[str, str | None, str], list[int]] = {}
    for number, own in enumerate(asked):
        groups.setdefault((own.speaker.name, own.target, own.name), []).append(number)
    out = []
    for (speaker, target, name), numbers in groups.items():
        judged = judge(
            [_spans(text, asked[n].evidence) for n in numbers],
            [_meant(answers[n], asked[n].turned) for n in numbers],
        )
        if judged is not None and _kept(judged, target is not None):
            out.append(
                SpeakerStance(
                    speaker=speaker,
                    target=target,
                    name=name,
                    stance=judged.stance,
                    probabilities=judged.probabilities,
                    evidence=judged.evidence,
                )
            )
    return tuple(out)


def _kept(judged: Judged, watched: bool) -> bool:
    if judged.stance == "neutral":
        takes_none = strongest(judged.probabilities) == "neutral"
        return watched and (takes_none or all(own.score >= SURE for own in judged.evidence))
    return float(getattr(judged.probabilities, judged.stance)) >= SURE


def _meant(answer: Answer, turned: bool) -> Answer:
    return replace(answer, favor=answer.against, against=answer.favor) if turned else answer


def _spans(text: str, pieces: Sequence[Bounds]) -> list[Span]:
    return [Span(text=text[a:b], start=a, end=b) for a, b in pieces]


def _naming(content: Sequence[Bounds], named: Bounds) -> tuple[Bounds, ...]:
    return tuple(own for own in content if own[0] <= named[0] < own[1])


_Spoken = Sequence[tuple[Said, NamedEntity]]
"""What is said, and by whom."""


def _of_watchlist(
    text: str, sentences: Sequence[Extent], spoken: _Spoken, touched: Sequence[Touched]
) -> Iterator[Asked]:
    parts = [
        [part for span in said.attribution.content for part in _by_sentence(span, sentences)]
        for said, _ in spoken
    ]
    for own in touched:
        target = own.target
        for (said, speaker), spans in zip(spoken, parts, strict=True):
            naming = [found.span() for part in spans if (found := own.names.search(text, *part))]
            # What else he says is of other things: "If we wait, it will be worse."
            close = [
                part
                for part in spans
                if any(part[0] <= start < part[1] for start, _ in naming)
                or any(_half_inside(part, extent) for extent in own.sentences)
            ]
            if not close:
                continue
            told = statement(text, said.attribution, close)
            if question := about(target, _cut(told.words)):
                yield Asked(speaker, target.id, target.name, told.evidence, question, told.turned)
            elif naming and not own.names.search(speaker.name):
                question = _holder(text, sentences, said, target.name, naming[0])
                evidence = _naming(said.attribution.content, naming[0])
                yield Asked(speaker, target.id, target.name, evidence, question)


def _of_entities(
    text: str,
    sentences: Sequence[Extent],
    spoken: _Spoken,
    entities: Sequence[NamedEntity],
    touched: Sequence[Touched],
) -> Iterator[Asked]:
    others = [
        entity
        for entity in entities
        if entity.type != "place" and not any(own.names.search(entity.name) for own in touched)
    ]
    index = NameIndex(others)
    for said, speaker in spoken:
        content = said.attribution.content
        first: dict[int, Bounds] = {}
        for span in content:
            for number, named in index.within(span):
                first.setdefault(number, named)
        for number, named in sorted(first.items()):
            entity = others[number]
            if entity is not speaker:
                question = _holder(text, sentences, said, entity.name, named)
                yield Asked(speaker, None, entity.name, _naming(content, named), question)


def _holder(
    text: str, sentences: Sequence[Extent], said: Said, target: str, named: Bounds
) -> Question:
    """Of the sentence that names the target, with the holder marked where he stands in it."""
    before = bisect_right(sentences, named[0], key=lambda own: own.start)
    extent = sentences[before - 1] if before else None
    start, end = (extent.start, extent.end) if extent and named[0] < extent.end else named
    source = next(
        (own for own in said.attribution.source if start <= own[0] and own[1] <= end), None
    )
    assert said.speaker is not None
    overlap = source and source[0] < named[1] and named[0] < source[1]
    return Question(
        "holder",
        text[start:end],
        target,
        holder=said.speaker.name,
        target_span=(named[0] - start, min(named[1], end) - start),
        holder_span=(source[0] - start, source[1] - start) if source and not overlap else None,
    )


def _by_sentence(span: Bounds, sentences: Sequence[Extent]) -> Iterator[Bounds]:
    """A content's part in each sentence."""
    first = max(0, bisect_right(sentences, span[0], key=lambda own: own.start) - 1)
    for at in range(first, len(sentences)):
        own = sentences[at]
        if own.start >= span[1]:
            return
        start, end = max(span[0], own.start), min(span[1], own.end)
        if start < end:
            yield start, end


def _half_inside(span: Bounds, extent: Extent) -> bool:
    """Whether a content is half of a sentence, or half in it."""
    shared = min(span[1], extent.end) - max(span[0], extent.start)
    return shared * 2 >= min(span[1] - span[0], extent.end - extent.start)


def _cut(words: str) -> str:
    return " ".join(words.split()[:PASSAGE_WORDS])
