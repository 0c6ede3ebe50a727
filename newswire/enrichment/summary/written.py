"""Summaries that a model writes: what the body doesn't support is left out, and counted."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from typing import Protocol

from newswire.enrichment.sentences import split_sentences
from newswire.enrichment.summary.choice import Budget
from newswire.enrichment.summary.extractive import Summarizer, SummaryRequest
from newswire.enrichment.summary.repeats import said_once, wording
from newswire.enrichment.summary.support import Body
from newswire.stories.enriched import GeneratedSentence, ScoredSpan, Summary

log = logging.getLogger(__name__)

MOST_CHARACTERS = 4000
"""Of what a model wrote that are read at all."""

# Pegasus writes "<n>" for a line feed; models that learnt from tokenised text set stops apart.
_LINE = re.compile(r"<n>|\n")
_STOP_APART = re.compile(r"\s+([.!?])(?=\s|$)")
_ENDS = re.compile(r"[.!?…][\"'”’»)\]]*$")


class Writer(Protocol):
    """Anything that writes a summary of a text: batch in, batch out.

    An implementation may batch as it likes, but what it writes must not depend on the other texts,
    and it must never raise for what a text holds.
    """

    name: str
    """For people: the id or the folder that was configured."""
    revision: str
    """sha256 of the weights, 64 hexadecimal digits."""

    def write(self, texts: Sequence[str]) -> list[str]:
        """One summary for each text, in order; plain text of any number of sentences."""
        ...


class WrittenSummarizer:
    """A :class:`~newswire.enrichment.summary.extractive.Summarizer` whose summaries are a writer's.

    Each sentence is held against the body (:mod:`newswire.enrichment.summary.support`). What is
    left are the first that it supports, as many as the budget holds; of a story where none is, the
    summary is the one that ``otherwise`` makes.
    """

    def __init__(self, writer: Writer, otherwise: Summarizer, budget: Budget) -> None:
        self.name = writer.name
        self.revision = writer.revision
        self._writer = writer
        self._otherwise = otherwise
        self._budget = budget
        self.written = 0
        """Sentences since the start."""
        self.dropped = 0
        """Of these, those that weren't supported."""

    def summarize(self, requests: Sequence[SummaryRequest]) -> list[Summary]:
        """See :class:`~newswire.enrichment.summary.extractive.Summarizer`."""
        if not requests:
            return []
        texts = [" ".join(span.text for span in request.sentences) for request in requests]
        before = self.dropped
        summaries = [
            self._checked(request, text)
            for request, text in zip(requests, self._writer.write(texts), strict=True)
        ]
        if self.dropped > before:
            log.info(
                "summaries: %d sentences that %s wrote are not supported by their stories and left "
                "out (%d of %d since the start)",
                self.dropped - before,
                self.name,
                self.dropped,
                self.written,
            )
        return summaries

    def _checked(self, request: SummaryRequest, text: str) -> Summary:
        body = Body(request.sentences)
        kept: list[GeneratedSentence] = []
        dropped = 0
        for sentence in sentences_of(text):
            if kept and not self._budget.holds([*(len(own.text) for own in kept), len(sentence)]):
                break
            self.written += 1
            if evidence := body.evidence(sentence):
                kept.append(GeneratedSentence(text=sentence, evidence=evidence))
            else:
                dropped += 1
        self.dropped += dropped
        if not kept:
            (quoted,) = self._otherwise.summarize([request])
            return Summary(sentences=quoted.sentences, dropped=dropped)
        return Summary(sentences=_strongest(kept), generated=tuple(kept), dropped=dropped)


def sentences_of(text: str) -> list[str]:
    """The whole sentences of what a model wrote, each once.

    The last one is left out where it doesn't end: the model was stopped within it.
    """
    paragraphs = _LINE.sub("\n\n", text[:MOST_CHARACTERS])
    paragraphs = _STOP_APART.sub(r"\1\n\n", paragraphs)
    found = [
        " ".join(paragraphs[own.start : own.end].split()) for own in split_sentences(paragraphs)
    ]
    if len(found) > 1 and not _ENDS.search(found[-1]):
        found.pop()
    return [found[at] for at in said_once(found)]


def _strongest(kept: Sequence[GeneratedSentence]) -> tuple[ScoredSpan, ...]:
    """The first evidence of each sentence, in story order, each said once."""
    spans: dict[str, ScoredSpan] = {}
    for sentence in kept:
        span = sentence.evidence[0]
        said = wording(span.text)
        if said not in spans or spans[said].score < span.score:
            spans[said] = span
    return tuple(sorted(spans.values(), key=lambda span: span.start))
