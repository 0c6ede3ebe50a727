"""Stories in, enrichments out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from newswire import __version__
from newswire.config import Settings
from newswire.enrichment.gate import Gate, Touch
from newswire.enrichment.hub import configured_models
from newswire.enrichment.question import Question, about
from newswire.enrichment.quotes.speaker_stances import Asked, Touched, questions, stances
from newswire.enrichment.quotes.speakers import Cast, cast
from newswire.enrichment.reading import Read, groups, sentences_of
from newswire.enrichment.revision import generation_of
from newswire.enrichment.sentences import Extent
from newswire.enrichment.shipped import Shipped
from newswire.enrichment.stance import StanceModel
from newswire.enrichment.summary.choice import Budget
from newswire.enrichment.summary.extractive import (
    ExtractiveSummarizer,
    Summarizer,
    SummaryRequest,
    scored,
)
from newswire.enrichment.summary.repeats import said_once
from newswire.enrichment.summary.written import Writer, WrittenSummarizer
from newswire.enrichment.tags import tag
from newswire.enrichment.targets import Watchlist, load_watchlist
from newswire.stories.enriched import Enrichment, Provenance, Summary
from newswire.stories.language import LANGUAGE
from newswire.stories.model import Story

LEAD = 3
"""Sentences of the summary where the language is not one that the models read."""


class Enricher:
    """Loads the models once and enriches stories in batches.

    What a story gets depends on it alone, not on the stories beside it: no window of the encoder
    holds two stories, and the heads calculate in fp32 (a batch changes the last bits, and
    probabilities are rounded to four digits).

    The time for one story is bounded. At most
    :data:`~newswire.enrichment.reading.MOST_SENTENCES` sentences of at most
    :data:`~newswire.enrichment.sentences.LONGEST` characters are read, within the first
    :data:`~newswire.enrichment.reading.MOST_CHARACTERS` of the body: whole for names and quotes,
    and up to :data:`~newswire.enrichment.encoder.LONGEST_PIECE` tokens of each by the encoder. At
    most :data:`~newswire.enrichment.gate.MOST` sentences and the headline are judged for one
    target.
    """

    def __init__(
        self,
        *,
        models: Path,
        watchlist: Watchlist,
        threads: int = 0,
        stance: StanceModel | None = None,
        writer: Writer | None = None,
        budget: Budget | None = None,
        model_generation: int = 0,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Load the models.

        Args:
            models: The folder that holds ``models.json``.
            watchlist: The targets.
            threads: 0: as many as this process may use.
            stance: Another stance model; None: the one that ships.
            writer: A model that writes the summaries; None: the one that ships quotes.
            budget: Of a summary; None: as many sentences as one may have.
            model_generation: Of such models: what is added to that of those that ship.
            clock: For ``enriched_at``.

        Raises:
            ConfigError: where a file of the models is missing or not the one it was.
        """
        shipped = self._shipped = Shipped.load(models, threads)
        manifest = shipped.manifest
        self._encoder = shipped.encoder
        self._budget = budget or Budget()
        extractive = ExtractiveSummarizer(shipped.summary, self._budget)
        self._summarizer: Summarizer = (
            WrittenSummarizer(writer, extractive, self._budget) if writer else extractive
        )
        self._stance: StanceModel = stance or shipped.stance
        self._reader, self._resolver = shipped.reader, shipped.resolver
        self._clock = clock
        self._manifest = manifest
        self._model_generation = model_generation
        made_by: dict[str, Summarizer | StanceModel] = {
            "summary": self._summarizer,
            "stance": self._stance,
        }
        self._models = tuple(
            model.model_copy(update={"name": used.name, "revision": used.revision})
            if (used := made_by.get(model.task))
            else model
            for model in manifest.revisions()
        )
        self.watch(watchlist)

    @classmethod
    def from_settings(cls, settings: Settings, watchlist: Watchlist | None = None) -> Enricher:
        """The enricher that the settings describe.

        Args:
            settings: Which models, and where.
            watchlist: The one in force; None: the settings' file is read.

        Raises:
            ConfigError: where the models or the watch-list are at fault.
        """
        stance, writer = configured_models(settings)
        return cls(
            models=settings.models_dir,
            watchlist=watchlist or load_watchlist(settings.targets_file),
            threads=settings.enrich_threads,
            stance=stance,
            writer=writer,
            budget=Budget(settings.summary_sentences, settings.summary_characters),
            model_generation=settings.model_generation,
        )

    def watch(self, watchlist: Watchlist) -> None:
        """Judge by this watch-list from now on."""
        self._gate = Gate(watchlist, self._encoder)
        self._watchlist = watchlist
        self.generation = generation_of(self._manifest, watchlist, self._model_generation)
        """Of what this makes; see :func:`~newswire.enrichment.revision.generation_of`."""

    def enrich(self, stories: Sequence[Story]) -> list[Enrichment]:
        """Enrich each story; the results are in the stories' order.

        Never raises for what a story holds. A story in another language than English, as it
        states or reads, gets its first sentences as summary, no stance and no quotes; one without
        prose an empty summary. No tag is without evidence.
        """
        return [made for group in groups(stories) for made in self._enrich(group)]

    def _enrich(self, stories: Sequence[Story]) -> list[Enrichment]:
        read = self._read(stories)
        touches = [self._touches(story) for story in read]
        casts = self._casts(read)
        asked = [
            _asked_of_speakers(story, own, touched)
            for story, own, touched in zip(read, casts, touches, strict=True)
        ]
        answers = iter(
            self._stance.predict(
                [
                    question
                    for story, touched, of_speakers in zip(read, touches, asked, strict=True)
                    for question in (
                        *(one for touch in touched for one in _questions(story, touch)),
                        *(one.question for one in of_speakers),
                    )
                ]
            )
        )
        out = []
        for story, own, touched, of_speakers, summary in zip(
            read, casts, touches, asked, self._summaries(read), strict=True
        ):
            tags = [
                tag(
                    touch.target,
                    [story.spans[at] for at in touch.sentences],
                    [next(answers) for _ in touch.sentences],
                    next(answers) if touch.headline else None,
                )
                for touch in touched
            ]
            text = story.story.text
            out.append(
                Enrichment(
                    language=story.named_language,
                    summary=summary,
                    stances=tuple(made for made in tags if made is not None),
                    entities=tuple(own.shown_entities(text)),
                    quotes=tuple(own.shown_quotes(text)),
                    speakers=stances(text, of_speakers, [next(answers) for _ in of_speakers]),
                    embedding=_embedding(story, summary),
                    provenance=self._provenance(),
                )
            )
        return out

    def _casts(self, read: Sequence[Read]) -> list[Cast]:
        """Who is in each story; nobody where the language is not the models'."""
        sentences = [_extents(story) if story.language == LANGUAGE else [] for story in read]
        texts = [story.story.text for story in read]
        readings = self._reader.read(list(zip(texts, sentences, strict=True)))
        return [
            cast(text, own, reading, self._resolver)
            for text, own, reading in zip(texts, sentences, readings, strict=True)
        ]

    def _read(self, stories: Sequence[Story]) -> list[Read]:
        """Split and encode: the one pass over each story."""
        read = [Read(story, tuple(sentences_of(story))) for story in stories]
        out = []
        for story, pieces in zip(
            read, self._encoder.encode([story.texts for story in read]), strict=True
        ):
            titled = len(pieces) - len(story.spans)
            headline = pieces[0] if titled else None
            out.append(Read(story.story, story.spans, headline, tuple(pieces[titled:])))
        return out

    def _touches(self, read: Read) -> list[Touch]:
        if read.language != LANGUAGE or not read.spans:
            return []
        nothing = np.zeros_like(read.vectors[0])
        headline = nothing if read.headline is None else read.headline.vector
        return self._gate.touches(
            read.story.text[: read.spans[-1].end],
            read.story.headline or "",
            [span.text for span in read.spans],
            np.vstack([headline, read.vectors]),
            read.language,
        )

    def _summaries(self, read: Sequence[Read]) -> list[Summary]:
        """Of each story; a summariser sees only those that it can read."""
        legible = [story.language == LANGUAGE and bool(story.spans) for story in read]
        made = iter(
            self._summarizer.summarize(
                [
                    SummaryRequest(story.spans, story.pieces)
                    for story, asked in zip(read, legible, strict=True)
                    if asked
                ]
            )
        )
        return [
            next(made) if asked else _lead(story, self._budget)
            for story, asked in zip(read, legible, strict=True)
        ]

    def _provenance(self) -> Provenance:
        return Provenance(
            generation=self.generation,
            models=self._models,
            watchlist=self._watchlist.sha256,
            watchlist_revision=self._watchlist.revision,
            code=__version__,
            enriched_at=self._clock(),
        )

    def close(self) -> None:
        """End the threads."""
        self._shipped.close()


def _extents(read: Read) -> list[Extent]:
    return [Extent(span.start, span.end) for span in read.spans]


def _asked_of_speakers(read: Read, own: Cast, touches: Sequence[Touch]) -> list[Asked]:
    extents = _extents(read)
    touched = [
        Touched(touch.target, tuple(extents[at] for at in touch.sentences), touch.names)
        for touch in touches
    ]
    return questions(read.story.text, extents, own, touched)


def _questions(read: Read, touch: Touch) -> list[Question]:
    """The sentences that touch the target and, last, the headline if it does."""
    texts = [read.spans[at].text for at in touch.sentences]
    if touch.headline:
        texts.append(read.story.headline or "")
    return [_question(text, touch) for text in texts]


def _question(text: str, touch: Touch) -> Question:
    if question := about(touch.target, text):
        return question
    named = touch.names.search(text)
    return Question("name", text, touch.target.name, target_span=named.span() if named else None)


def _lead(read: Read, budget: Budget) -> Summary:
    spans = [read.spans[at] for at in said_once(span.text for span in read.spans)[:LEAD]]
    lengths = [len(span.text) for span in spans]
    count = max(1, sum(budget.holds(lengths[: at + 1]) for at in range(len(lengths))))
    return Summary(
        sentences=tuple(scored(span, 0.0) for span in spans[:count]),
        lead=True if read.spans else None,
    )


def _embedding(read: Read, summary: Summary) -> tuple[float, ...] | None:
    """Of headline and summary: the mean of their vectors, unit length, rounded to six digits."""
    chosen = {span.start for span in summary.sentences}
    vectors = [
        piece.vector
        for span, piece in zip(read.spans, read.pieces, strict=True)
        if span.start in chosen
    ]
    if read.headline is not None:
        vectors.append(read.headline.vector)
    if not vectors:
        return None
    mean = np.mean(vectors, axis=0)
    length = float(np.linalg.norm(mean))
    return tuple(round(float(value), 6) for value in mean / length) if length > 0 else None
