"""The claims of all stories, judged for dashboards: behind live news, within a budget.

    stories without a mark, the newest first -> those near them -> each headline, the other body
                                                                             |
                                                     alias `claims` <--------+  marked as judged

All state is the index: a story whose content, links or models have changed has no mark that fits,
and is judged anew; a run that was killed, or is begun twice, finds what is still to be done. A pair
of stories is judged when the later of the two is, in both directions. Why so: decision 0014.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from elasticsearch import Elasticsearch
from pydantic import BaseModel, ConfigDict

from newswire import __version__
from newswire.claims.ask import DAYS, claim_of, legible
from newswire.config import Settings
from newswire.enrichment.claims import ClaimJudge, ClaimRefused
from newswire.enrichment.claims_said import Judge, Judgement
from newswire.enrichment.reading import language_of
from newswire.renewal import Turn
from newswire.search.claims import (
    Claim,
    Indexed,
    Outline,
    Witness,
    embedding_of,
    newest,
    printings,
    read,
    together,
    witnesses,
)
from newswire.search.claims_index import ClaimPairs, Mark, Pair, PairedStory, Party
from newswire.search.client import open_client
from newswire.search.renewable import refresh
from newswire.stories.language import LANGUAGE

AnyOutline = TypeVar("AnyOutline", bound=Outline)

MOST_WITNESSES = 8
"""Copies found by words, and as many by meaning, for one story: each is judged both ways."""


class Totals(BaseModel):
    """What became of the stories of a run."""

    model_config = ConfigDict(frozen=True)

    judged: int = 0
    """Stories, each printing of a copy."""
    pairs: int = 0
    """That are shown now."""
    left: int | None = None
    """Stories that the run found and did not come to; what has come meanwhile is not counted."""

    def __str__(self) -> str:
        left = "" if self.left is None else f"; {self.left:,} are left"
        return f"{self.judged:,} stories judged, {self.pairs:,} pairs kept{left}"


def judge_new(
    settings: Settings,
    turn: Turn,
    *,
    limit: int | None = None,
    progress: Callable[[Totals], None] = lambda totals: None,
    judge: Judge | None = None,
) -> Totals:
    """Judge what is not judged as it is now, the newest first.

    Args:
        settings: where models and servers are.
        turn: the budget, and whether live news waits.
        limit: most stories; none: all, until the turn's time is over.
        progress: told the totals so far after each batch.
        judge: the models; none: those that the settings describe.

    Raises:
        ConfigError: the models are missing or wrong.
        DependencyUnavailable: Kafka or Elasticsearch does not answer.
    """
    chosen: Judge = judge or ClaimJudge.from_settings(settings)
    days = timedelta(days=settings.claims_days)
    with open_client(settings) as client:
        run = _Run(client, chosen)
        # Names only: the stories are read as they come up, as they are by then.
        todo = run.todo(datetime.now(UTC) - days)
        wanted = todo[:limit]
        taken = 0
        while taken < len(wanted) and turn.comes():
            refresh(client)
            batch = wanted[taken : taken + turn.size]
            run.judge(batch)
            taken += len(batch)
            turn.spend(len(batch))
            progress(run.totals)
        return run.totals.model_copy(update={"left": len(set(todo[taken:]) - run.done)})


class _Run:
    """One run, and its totals."""

    def __init__(self, client: Elasticsearch, judge: Judge) -> None:
        self._client = client
        self._judge = judge
        self._pairs = ClaimPairs(client)
        self.done: set[str] = set()
        """``_id`` of what was judged."""
        self.totals = Totals()

    def todo(self, since: datetime) -> list[str]:
        """``_id`` of what is to be judged, the newest in the index first."""
        return [one.id for page in newest(self._client, since) for one in self._unjudged(page)]

    def judge(self, documents: Sequence[str]) -> None:
        """Judge these, where neither this run nor another one has meanwhile."""
        for one in self._unjudged(read(self._client, documents)):
            if one.id not in self.done:
                self._judge_copy(one)

    def _unjudged(self, stories: Sequence[AnyOutline]) -> Iterator[AnyOutline]:
        for one, mark in zip(stories, self._pairs.marks(stories), strict=True):
            if mark is None or not self._fits(mark, one):
                yield one

    def _judge_copy(self, one: Indexed) -> None:
        """Judge the copy that a story prints against those near it."""
        group = together(self._client, [one])[0]
        before = self._pairs.naming([group.first.id, *(copy.id for copy in group.copies)])
        made = list(self._made(group, before))
        marks = [self._mark(own) for own in (group.first, *group.copies)]
        shown = self._pairs.keep([*made, *marks], instead_of=before)
        self.done.update(mark.parties[0].id for mark in marks)
        self.totals = Totals(
            judged=self.totals.judged + len(marks), pairs=self.totals.pairs + shown
        )

    def _made(self, group: Witness, before: Sequence[Pair]) -> Iterator[Pair]:
        """Every pair of a copy: its headline against others, theirs against it."""
        first = group.first
        if language_of(first.story) != LANGUAGE:
            return
        others = self._near(group, before)
        claim = _claim(first)
        if claim is not None:
            for copy in group.copies:
                yield self._pair(first, copy, copy_of=first)
            bodies = [other.first.story for other in others]
            for other, judgement in zip(others, self._judge.judge(claim, bodies), strict=True):
                yield from self._told(first, other, judgement)
        for other in others:
            theirs = _claim(other.first)
            if theirs is not None:
                (judgement,) = self._judge.judge(theirs, [first.story])
                yield from self._told(other.first, group, judgement)

    def _near(self, group: Witness, before: Sequence[Pair]) -> list[Witness]:
        """The copies that may speak of a copy's claim, or whose claim it was found to speak of."""
        first = group.first
        reach = timedelta(days=DAYS)
        vector = embedding_of(self._client, first) or self._judge.vector(
            first.story.headline or first.story.text
        )
        asked = Claim(
            first.story.headline or "",
            vector,
            key=first.story.key,
            origin=first.origin,
            since=first.story.first_created - reach,
            until=first.story.first_created + reach,
        )
        found = witnesses(self._client, asked, MOST_WITNESSES)
        own = {first.story.key, *(copy.story.key for copy in group.copies)}
        known = own | {other.first.story.key for other in found}
        partners = {side.key for pair in before for side in (pair.claim, pair.story)} - known
        if partners:
            there = printings(self._client, sorted(partners))
            more = together(self._client, there)
            origins = {other.first.origin for other in found} | {first.origin}
            found += [other for other in more if other.first.origin not in origins]
        return legible(found)[0]

    def _told(self, claim: Indexed, witness: Witness, judgement: Judgement) -> Iterator[Pair]:
        """What a copy says of a claim, for each of its printings; nothing where it is unrelated."""
        if judgement.label == "unrelated":
            return
        yield self._pair(claim, witness.first, judgement)
        for copy in witness.copies:
            yield self._pair(claim, copy, judgement, copy_of=witness.first)

    def _pair(
        self,
        claim: Indexed,
        story: Indexed,
        judgement: Judgement | None = None,
        copy_of: Indexed | None = None,
    ) -> Pair:
        made_of = {one.id: one for one in (claim, story, copy_of) if one is not None}.values()
        ends = [one.story.expires for one in made_of if one.story.expires]
        return Pair(
            claim=PairedStory.of(claim),
            story=PairedStory.of(story),
            label=judgement.label if judgement else None,
            probabilities=judgement.probabilities if judgement else None,
            # A copy may be cut or edited: the words are those of the one that was read.
            evidence=judgement.evidence if judgement and copy_of is None else (),
            copy_of=copy_of.story.key if copy_of else None,
            expires=min(ends) if ends else None,
            parties=tuple(map(Party.of, made_of)),
            models=self._judge.models,
            code=__version__,
            judged_at=datetime.now(UTC),
        )

    def _mark(self, one: Indexed) -> Mark:
        return Mark(
            parties=(Party.of(one),),
            first_created=one.first_created,
            duplicate_of=one.duplicate_of,
            models=self._judge.models,
            code=__version__,
            judged_at=datetime.now(UTC),
        )

    def _fits(self, mark: Mark, one: Outline) -> bool:
        """Whether a story is still what was judged, and judged as today."""
        return (
            mark.parties == (Party.of(one),)
            and mark.duplicate_of == one.duplicate_of
            and mark.models == self._judge.models
        )


def _claim(one: Indexed) -> str | None:
    try:
        return claim_of(one.story)
    except ClaimRefused:
        return None
