"""Stories in, enrichments out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from newswire import __version__
from newswire.config import Settings
from newswire.enrichment.encoder import Encoded, Encoder
from newswire.enrichment.gate import Gate, Touch
from newswire.enrichment.manifest import load_manifest
from newswire.enrichment.runtime import Floats, Threads
from newswire.enrichment.sentences import split_sentences
from newswire.enrichment.stance import HeadStance, StanceModel, StanceRequest
from newswire.enrichment.summary import LONGEST_STORY, SummaryScorer, choose
from newswire.enrichment.tags import tag
from newswire.enrichment.targets import Watchlist, load_watchlist
from newswire.stories.model import (
    BLOCK_SEPARATOR,
    Enrichment,
    Provenance,
    ScoredSpan,
    Span,
    Story,
    Summary,
)

MOST_SENTENCES = 400
"""Sentences of one story that are encoded, from the top: some 8,000 words. A longer body costs no
more than that; what stands further down is in no summary and no evidence."""

MOST_CHARACTERS = 200_000
"""Of a body that are looked at for sentences at all."""

GROUP_CHARACTERS = 250_000
"""Of the stories whose states are held at once: some 60,000 tokens of 1.5 kB."""

LEAD = 3
"""Sentences of the summary where the language is not one that the models read."""

LANGUAGE = "en"
"""What the models read, and what a story that states no language is taken for."""

_PROSE = ("paragraph", "quote")


@dataclass(frozen=True)
class _Read:
    """A story, read: its sentences, and what the encoder says of them."""

    story: Story
    spans: tuple[Span, ...]
    headline: Encoded | None = None
    pieces: tuple[Encoded, ...] = ()

    @property
    def language(self) -> str:
        return (self.story.language or LANGUAGE).partition("-")[0].lower()

    @property
    def texts(self) -> list[str]:
        """What is encoded: the headline, where there is one, and the sentences."""
        return [*_headline(self.story), *(span.text for span in self.spans)]

    @property
    def vectors(self) -> Floats:
        return np.array([piece.vector for piece in self.pieces], np.float32)


class Enricher:
    """Loads the models once and enriches stories in batches.

    What a story gets depends on it alone, not on the stories beside it: no window of the encoder
    holds two stories, and the heads calculate in fp32 (a batch changes the last bits, and
    probabilities are rounded to four digits).

    The time for one story is bounded: at most :data:`MOST_SENTENCES` sentences of at most
    :data:`~newswire.enrichment.encoder.LONGEST_PIECE` tokens are encoded, and at most
    :data:`~newswire.enrichment.gate.MOST` sentences are judged for one target.
    """

    def __init__(
        self,
        *,
        models: Path,
        watchlist: Watchlist,
        threads: int = 0,
        batch_tokens: int = 4096,
        stance: StanceModel | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Load the models.

        Args:
            models: The folder that holds ``models.json``.
            watchlist: The targets.
            threads: 0: as many as this process may use.
            batch_tokens: Padded tokens of one batch of the stance head.
            stance: Another stance model; None: the head that ships.
            clock: For ``enriched_at``.

        Raises:
            ConfigError: where a file of the models is missing or not the one it was.
        """
        manifest = load_manifest(models)
        self._threads = Threads(threads)
        encoder_file = models / manifest.encoder.file
        self._encoder = Encoder(encoder_file.parent, encoder_file.name, self._threads)
        self._scorer = SummaryScorer(
            models / manifest.summary.file, manifest.summary.name, manifest.summary.sha256
        )
        self._stance: StanceModel = stance or HeadStance(
            models / manifest.stance.file,
            manifest.stance.name,
            manifest.stance.sha256,
            self._encoder,
            self._threads,
            batch_tokens,
        )
        self._gate = Gate(watchlist, self._encoder)
        self._clock = clock
        self._watchlist = watchlist
        self._models = tuple(
            model.model_copy(update={"name": self._stance.name, "revision": self._stance.revision})
            if model.task == "stance"
            else model
            for model in manifest.revisions()
        )
        self.generation = manifest.generation * 1024 + watchlist.revision
        """Of what this makes: the models' generation * 1024 + the watch-list's revision."""

    @classmethod
    def from_settings(cls, settings: Settings) -> Enricher:
        """The enricher that the settings describe.

        Raises:
            ConfigError: where the models or the watch-list are at fault.
        """
        return cls(
            models=settings.models_dir,
            watchlist=load_watchlist(settings.targets_file),
            threads=settings.enrich_threads,
            batch_tokens=settings.enrich_batch_tokens,
        )

    def enrich(self, stories: Sequence[Story]) -> list[Enrichment]:
        """Enrich each story; the results are in the stories' order.

        Never raises for what a story holds. A story in another language than English, as it
        states, gets its first sentences as summary and no stance; one without prose an empty
        summary. No tag is without evidence.
        """
        return [made for group in _groups(stories) for made in self._enrich(group)]

    def _enrich(self, stories: Sequence[Story]) -> list[Enrichment]:
        read = self._read(stories)
        touches = [self._touches(story) for story in read]
        requests = [
            StanceRequest(story.spans[at].text, touch.target.asked, story.pieces[at].states)
            for story, touched in zip(read, touches, strict=True)
            for touch in touched
            for at in touch.sentences
        ]
        answers = iter(self._stance.predict(requests) if requests else ())
        out = []
        for story, touched in zip(read, touches, strict=True):
            tags = [
                tag(
                    touch.target,
                    [story.spans[at] for at in touch.sentences],
                    [next(answers) for _ in touch.sentences],
                )
                for touch in touched
            ]
            summary = self._summary(story)
            out.append(
                Enrichment(
                    summary=Summary(sentences=tuple(span for _, span in summary)),
                    stances=tuple(tags),
                    embedding=_embedding(story, [at for at, _ in summary]),
                    provenance=self._provenance(),
                )
            )
        return out

    def _read(self, stories: Sequence[Story]) -> list[_Read]:
        """Split and encode: the one pass over each story."""
        read = [_Read(story, tuple(sentences_of(story))) for story in stories]
        out = []
        for story, pieces in zip(
            read, self._encoder.encode([story.texts for story in read]), strict=True
        ):
            titled = len(pieces) - len(story.spans)
            headline = pieces[0] if titled else None
            out.append(_Read(story.story, story.spans, headline, tuple(pieces[titled:])))
        return out

    def _touches(self, read: _Read) -> list[Touch]:
        if read.language != LANGUAGE or not read.spans:
            return []
        text = " ".join([*_headline(read.story), read.story.text[: read.spans[-1].end]])
        return self._gate.touches(
            text, [span.text for span in read.spans], read.vectors, read.language
        )

    def _summary(self, read: _Read) -> list[tuple[int, ScoredSpan]]:
        """The sentences of the summary: their numbers, and spans scored from 0 to 1."""
        if not read.spans:
            return []
        if read.language != LANGUAGE:
            return [(at, _scored(span, 0.0)) for at, span in enumerate(read.spans[:LEAD])]
        spans, vectors = read.spans[:LONGEST_STORY], read.vectors[:LONGEST_STORY]
        texts = [span.text for span in spans]
        logits = self._scorer(vectors, [len(text.split()) for text in texts])
        chances = np.exp(logits - logits.max())
        chances = chances / chances.sum()
        return [
            (at, _scored(spans[at], round(float(chances[at]), 4)))
            for at in choose(texts, logits, vectors)
        ]

    def _provenance(self) -> Provenance:
        return Provenance(
            generation=self.generation,
            models=self._models,
            watchlist=self._watchlist.sha256,
            code=__version__,
            enriched_at=self._clock(),
        )

    def close(self) -> None:
        """End the threads."""
        self._threads.close()


def sentences_of(story: Story) -> Iterator[Span]:
    """The sentences of a story's prose, as spans of :attr:`Story.text`, at most
    :data:`MOST_SENTENCES`: paragraphs and quotes, never crossheads or tables.
    """
    text = story.text
    start = count = 0
    for block in story.body:
        end = start + len(block.text)
        if block.kind in _PROSE and start < MOST_CHARACTERS:
            for extent in split_sentences(text, start, min(end, MOST_CHARACTERS)):
                if count == MOST_SENTENCES:
                    return
                count += 1
                yield Span(text=text[extent.start : extent.end], start=extent.start, end=extent.end)
        start = end + len(BLOCK_SEPARATOR)


def _groups(stories: Sequence[Story]) -> Iterator[list[Story]]:
    """Neighbours that are enriched together, so that memory is bounded whatever the batch."""
    group: list[Story] = []
    size = 0
    for story in stories:
        length = min(MOST_CHARACTERS, len(story.text))
        if group and size + length > GROUP_CHARACTERS:
            yield group
            group, size = [], 0
        group.append(story)
        size += length
    if group:
        yield group


def _headline(story: Story) -> list[str]:
    return [story.headline] if story.headline and story.headline.strip() else []


def _scored(span: Span, score: float) -> ScoredSpan:
    return ScoredSpan(text=span.text, start=span.start, end=span.end, score=score)


def _embedding(read: _Read, chosen: Sequence[int]) -> tuple[float, ...]:
    """Of headline and summary: the mean of their vectors, unit length, rounded to six digits."""
    vectors = [read.pieces[at].vector for at in chosen]
    if read.headline is not None:
        vectors.append(read.headline.vector)
    if not vectors:
        return ()
    mean = np.mean(vectors, axis=0)
    length = float(np.linalg.norm(mean))
    return tuple(round(float(value), 6) for value in mean / length) if length > 0 else ()
