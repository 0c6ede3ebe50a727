"""PolNeAR and GUM as windows of tokens with their tags."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tokenizers import Tokenizer

from newswire.enrichment.quotes.attributions import PARTS, TAGS
from newswire.enrichment.quotes.casing import case_at
from newswire.enrichment.quotes.entities import TAGS as NAMES
from newswire.enrichment.sentences import split_sentences
from newswire.stories.enriched import EntityType
from training.corpora import read_rows

Span = tuple[int, int]
Pieces = list[Span]
"""One part of an attribution: several where it is interrupted."""

GUM_TYPES: dict[str, EntityType] = {
    "person": "person",
    "organization": "organisation",
    "place": "place",
}
"""GUM's types of those that can be named."""

TITLES = frozenset(
    "mr. mrs. ms. dr. sir dame lord lady president vice prime minister secretary senator sen. rep. "
    "gov. governor king queen prince princess pope judge justice general gen. col. lt. sgt. capt. "
    "professor prof. chancellor ambassador mayor us u.s.".split()
)


@dataclass(frozen=True)
class Document:
    """A story, its attributions, and its names by type."""

    id: str
    text: str
    quotes: list[dict[str, Pieces]] | None = None
    names: list[tuple[Span, str]] | None = None
    part: str = "train"


def polnear(path: Path) -> list[Document]:
    """The stories of PolNeAR."""
    out = []
    for row in read_rows(path):
        quotes = row.get("quotes")
        assert isinstance(quotes, list)
        out.append(
            Document(
                str(row["id"]),
                str(row["text"]),
                [{part: [(a, b) for a, b in own[part]] for part in PARTS} for own in quotes],
                part=str(row["split"]),
            )
        )
    return out


def gum(path: Path) -> list[Document]:
    """The documents of GUM, with the proper names among their mentions."""
    out = []
    for row in read_rows(path):
        text, mentions = str(row["text"]), row["mentions"]
        assert isinstance(mentions, list)
        named = [
            (tuple(own["span"]), GUM_TYPES[own["type"]], own["chain"])
            for own in mentions
            if own["form"] == "name" and own["type"] in GUM_TYPES
        ]
        names = {
            core: kind
            for span, kind, chain in named
            if (core := _core(text, span, [s for s, _, c in named if c != chain])) is not None
        }
        out.append(
            Document(
                str(row["id"]),
                text,
                names=sorted(names.items()),
                part=str(row["split"]),
            )
        )
    return out


def _core(text: str, span: Span, others: Sequence[Span]) -> Span | None:
    """The proper name in a noun phrase: its last run of capitalised words before a comma."""
    start, end = span
    inside = sorted(own for own in others if start <= own[0] and own[1] <= end and own != span)
    begin = start
    for own in inside:
        # "Facebook creator Mark Zuckerberg": another's name in front is no part of this one.
        if own[0] == begin and own[1] < end:
            begin = own[1]
    runs: list[Span] = []
    at = begin
    for word in text[begin:end].split(" "):
        stop = at + len(word)
        bare = word.rstrip(",;:")
        capital = bare[:1].isupper() and bare.lower() not in TITLES
        joined = runs and runs[-1][1] == at - 1 and text[runs[-1][1] - 1] not in ",;:"
        if capital:
            if joined:
                runs[-1] = (runs[-1][0], at + len(bare))
            else:
                runs.append((at, at + len(bare)))
            if bare != word:
                break
        elif runs and bare in ("of", "the", "and", "for", "de", "van", "von", "al"):
            runs[-1] = (runs[-1][0], stop)
        elif runs:
            break
        at = stop + 1
    if not runs:
        return None
    first, last = runs[-1]
    while text[first:last].rsplit(" ", 1)[-1] in ("of", "the", "and", "for", "de", "van", "von"):
        if " " not in text[first:last]:
            return None
        last = first + text[first:last].rindex(" ")
    if text[first:last].endswith(("'s", "’s")):
        last -= 2
    return (first, last) if last > first else None


@dataclass(frozen=True)
class Tokens:
    """A document's tokens, sentence by sentence."""

    document: Document
    sentences: list[list[int]]
    """Ids of each, without ``[CLS]`` and ``[SEP]``."""
    offsets: list[list[Span]]
    """Of each token in the text."""
    cases: list[list[int]] = field(default_factory=list)


def tokens_of(document: Document, tokenizer: Tokenizer, longest: int = 224) -> Tokens:
    """Split and tokenise; a sentence above ``longest`` tokens is cut in pieces."""
    out = Tokens(document, [], [], [])
    text = document.text
    for extent in split_sentences(text):
        encoded = tokenizer.encode(text[extent.start : extent.end], add_special_tokens=False)
        spans = [(a + extent.start, b + extent.start) for a, b in encoded.offsets]
        for start in range(0, len(spans), longest):
            own = spans[start : start + longest]
            out.sentences.append(encoded.ids[start : start + longest])
            out.offsets.append(own)
            out.cases.append([case_at(text, a, b) for a, b in own])
    return out


@dataclass
class Example:
    """A window with its gold: positions count ``[CLS]``, which is token 0."""

    ids: list[int]
    cases: list[int]
    offsets: list[Span]
    tags: list[int] | None = None
    names: list[int] | None = None
    attributions: list[tuple[int, list[int]]] = field(default_factory=list)
    """The position of a cue's first token, and the role of every token toward it."""


def example(tokens: Tokens, first: int, last: int) -> Example:
    """Sentences ``first`` to ``last - 1`` as one window."""
    ids = [101, *(i for own in tokens.sentences[first:last] for i in own), 102]
    cases = [0, *(c for own in tokens.cases[first:last] for c in own), 0]
    offsets = [(-1, -1), *(o for own in tokens.offsets[first:last] for o in own), (-1, -1)]
    out = Example(ids, cases, offsets)
    at_char = {}
    for number, (a, b) in enumerate(offsets):
        for char in range(a, b):
            at_char[char] = number
    document = tokens.document

    def covered(span: Span) -> list[int]:
        found = sorted({at_char[c] for c in range(*span) if c in at_char})
        return found

    if document.quotes is not None:
        tags = [0] * len(ids)
        for quote in document.quotes:
            for part in PARTS:
                for span in quote[part]:
                    for rank, position in enumerate(covered(span)):
                        tags[position] = TAGS.index(f"{'I' if rank else 'B'}-{part}")
        for quote in document.quotes:
            cue = [p for span in quote["cue"] for p in covered(span)]
            if not cue:
                continue
            roles = [0] * len(ids)
            for number, part in ((1, "source"), (2, "content")):
                for span in quote[part]:
                    for position in covered(span):
                        roles[position] = number
            out.attributions.append((cue[0], roles))
        out.tags = tags
    if document.names is not None:
        out.names = [0] * len(ids)
        for span, kind in document.names:
            for rank, position in enumerate(covered(span)):
                out.names[position] = NAMES.index(f"{'I' if rank else 'B'}-{kind}")
    return out


def training_windows(tokens: Tokens, chance: random.Random, most: int) -> list[Example]:
    """A story cut into windows of at most ``most`` tokens, each time at other sentences."""
    out = []
    lengths = [len(own) for own in tokens.sentences]
    start, room = 0, chance.randint(most // 3, most)
    while start < len(lengths):
        end, total = start + 1, lengths[start]
        while end < len(lengths) and total + lengths[end] <= room:
            total += lengths[end]
            end += 1
        out.append(example(tokens, start, end))
        start, room = end, most
    return out
