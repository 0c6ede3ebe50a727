"""The reader: one pass over a story for its attributions and its names.

The model tags tokens (source, cue, content; person, organisation, place) and tells which role each
has toward each cue; :mod:`newswire.enrichment.quotes.attributions` puts these together. A long
story is read in :mod:`~newswire.enrichment.quotes.windows`, each answering for its own sentences.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np

from newswire.enrichment.quotes.attributions import COSTS, TAGS, Attribution, attributions
from newswire.enrichment.quotes.casing import Case, case_at
from newswire.enrichment.quotes.decoding import Bounds, Decoder
from newswire.enrichment.quotes.entities import TAGS as NAME_TAGS
from newswire.enrichment.quotes.entities import TYPE_OF, Name
from newswire.enrichment.quotes.naming import mended
from newswire.enrichment.quotes.paragraphs import by_marks
from newswire.enrichment.quotes.windows import OWN, Window, windows
from newswire.enrichment.runtime import Floats, Integers, Model, Threads
from newswire.enrichment.sentences import Extent
from newswire.enrichment.stem import Stem
from newswire.enrichment.tokenizer import Tokenizer

_PARTS = Decoder(TAGS, COSTS, across=("content",))
_NAMES = Decoder(NAME_TAGS)


@dataclass(frozen=True)
class Reading:
    """What the reader finds in one story, in the text's order."""

    attributions: tuple[Attribution, ...] = ()
    names: tuple[Name, ...] = ()


@dataclass(frozen=True)
class _Tokens:
    """One sentence, or a piece of one that is longer than a window."""

    ids: Integers
    offsets: list[Bounds]
    cases: list[Case]


@dataclass(frozen=True)
class WindowAnswer:
    """What a model says of one window."""

    parts: Floats
    """``[T, tags]``, probabilities of :data:`newswire.enrichment.quotes.attributions.TAGS`."""
    names: Floats
    """``[T, tags]``, of :data:`newswire.enrichment.quotes.entities.TAGS`."""
    roles: Callable[[Integers], Floats]
    """Of cues, by the numbers of their first tokens, ``[cues, T, roles]``."""


class WindowModel(Protocol):
    """Reads one window; the one that ships, or one in training."""

    def __call__(self, tokens: Integers, cases: Integers) -> WindowAnswer:
        """``tokens`` and ``cases`` ``[T]``, :class:`~newswire.enrichment.quotes.casing.Case`."""
        ...


class ShippedWindowModel:
    """The weights under ``models/reader/``, on the shared stem."""

    def __init__(self, file: Path, roles: Path, stem: Stem) -> None:
        """Load the model of windows and the head of roles.

        Raises:
            ConfigError: where a file is missing or broken.
        """
        self._model = Model(file)
        self._roles = Model(roles)
        self._stem = stem

    def __call__(self, tokens: Integers, cases: Integers) -> WindowAnswer:
        """See :class:`WindowModel`."""
        parts, names, as_cue, as_part = self._model({"states": self._stem(tokens), "cases": cases})

        def roles(cues: Integers) -> Floats:
            (out,) = self._roles({"as_cue": as_cue, "as_part": as_part, "cues": cues})
            return out

        return WindowAnswer(parts, names, roles)


class Reader:
    """Reads stories, window by window."""

    def __init__(self, model: WindowModel, tokenizer: Tokenizer, threads: Threads) -> None:
        self._model = model
        self._tokenizer = tokenizer
        self._threads = threads

    def read(self, stories: Sequence[tuple[str, Sequence[Extent]]]) -> list[Reading]:
        """Read each story: its text, and the sentences of it that are read, in order."""
        work: list[tuple[str, list[_Tokens], Window]] = []
        owners: list[int] = []
        for number, (text, sentences) in enumerate(stories):
            pieces = self._pieces(text, sentences)
            cut = windows([len(own.ids) for own in pieces])
            work += [(text, pieces, window) for window in cut]
            owners += [number] * len(cut)
        found: list[list[Reading]] = [[] for _ in stories]
        readings = self._threads.map(lambda own: self._window(*own), work)
        for number, reading in zip(owners, readings, strict=True):
            found[number].append(reading)
        return [
            _together(text, sentences, parts)
            for (text, sentences), parts in zip(stories, found, strict=True)
        ]

    def _pieces(self, text: str, sentences: Sequence[Extent]) -> list[_Tokens]:
        out = []
        tokenized = self._tokenizer.with_offsets([text[own.start : own.end] for own in sentences])
        for extent, (ids, offsets) in zip(sentences, tokenized, strict=True):
            spans = [(a + extent.start, b + extent.start) for a, b in offsets]
            for start in range(0, len(ids), OWN):
                own = spans[start : start + OWN]
                cases = [case_at(text, a, b) for a, b in own]
                out.append(_Tokens(ids[start : start + OWN], own, cases))
        return out

    def _window(self, text: str, pieces: Sequence[_Tokens], window: Window) -> Reading:
        read = [pieces[number] for number in window.read]
        offsets = [(-1, -1), *(span for own in read for span in own.offsets), (-1, -1)]
        cases = [Case.NO_LETTER, *(case for own in read for case in own.cases), Case.NO_LETTER]
        answer = self._model(
            self._tokenizer.enclose([own.ids for own in read]), np.array(cases, np.int64)
        )
        first = 1 + sum(
            len(pieces[number].ids) for number in range(window.read.start, window.own.start)
        )
        own = range(first, first + sum(len(pieces[number].ids) for number in window.own))
        return Reading(
            tuple(_attributions(text, offsets, answer, own)),
            tuple(
                Name(offsets[a][0], offsets[b - 1][1], TYPE_OF[kind])
                for a, b, kind in _NAMES.spans(text, offsets, answer.names)
                if a in own
            ),
        )


def _together(text: str, sentences: Sequence[Extent], parts: Sequence[Reading]) -> Reading:
    """What is found in a story's windows, with what only the whole text tells."""
    said = [_beside_cue(one, sentences) for own in parts for one in own.attributions]
    names = [one for own in parts for one in own.names]
    return Reading(tuple(by_marks(text, said)), tuple(mended(text, names)))


def _beside_cue(own: Attribution, sentences: Sequence[Extent]) -> Attribution:
    """Of several sources those in the cue's sentence, where one is: the others are of another."""
    if len(own.source) < 2:
        return own
    at = own.cue[0][0]
    extent = sentences[bisect_right(sentences, at, key=lambda one: one.start) - 1]
    beside = tuple(span for span in own.source if extent.start <= span[0] < extent.end)
    return replace(own, source=beside) if beside else own


def _attributions(
    text: str, offsets: Sequence[Bounds], answer: WindowAnswer, own: range
) -> list[Attribution]:
    """Those whose cue begins in ``own``."""
    parts = _PARTS.spans(text, offsets, answer.parts)
    cues = [start for start, _, part in parts if part == "cue"]
    if not cues:
        return []
    made = attributions(text, parts, answer.roles(np.array(cues, np.int64)), offsets)
    return [one for one, start in zip(made, cues, strict=True) if start in own]
