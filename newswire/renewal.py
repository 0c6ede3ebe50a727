"""Renewal: what an older revision of models or watch-list made is made anew, behind live news.

    stories that are stale -> newswire.stories.v1 -> enrich -> newswire.enriched.v1 -> index
      (the index, newest first)

A few at a time: the next go when the workers have nothing left to do, so that no live story stands
behind more than one batch. What came of a batch is looked up before the next. All state is the
index itself: a run that was killed, or is begun twice, finds what is still stale. Why so: decision
0011.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence

from elasticsearch import Elasticsearch
from pydantic import BaseModel, ConfigDict

from newswire.bus.groups import consumer_group, lag
from newswire.bus.publisher import Publisher
from newswire.config import Settings
from newswire.contracts.topics import ENRICHED, STORIES
from newswire.enrichment.revision import current_revision
from newswire.errors import ContractViolation, NewswireError
from newswire.search.client import open_client
from newswire.search.document import TieBreak
from newswire.search.renewable import Fate, Found, newest, refresh, versions
from newswire.search.stale import Staleness, count, how_many
from newswire.stories.identity import kafka_key

BATCH_S = 8.0
"""A batch is what the budget allows in so many seconds: 8 stories of 3,600 an hour, which is half a
second of the enriching worker's time."""

MOST_AT_ONCE = 16
"""Stories of one batch, whatever the budget: as many as the enriching worker takes at once, so that
a live story waits for no more than that. With 44 one waited for 7 seconds."""

MOST_UNCHANGED_IN_A_ROW = 8
"""So many stories in a row that come back as they were are no accident of theirs."""

_LOOKED_AT_EVERY_S = 0.5
"""Between two looks at how far the workers are."""

_HOUR_S = 3600.0


class NotRenewed(NewswireError):
    """What is sent comes back as it was: sending more would help nobody."""


class Totals(BaseModel):
    """What became of the stories of a run."""

    model_config = ConfigDict(frozen=True)

    sent: int = 0
    renewed: int = 0
    overtaken: int = 0
    """That had a newer version, or were withdrawn, before they could be renewed."""
    failed: tuple[str, ...] = ()
    """A line for each that can't be renewed."""
    left: int | None = None
    """Still stale in the end."""

    def __str__(self) -> str:
        left = "" if self.left is None else f"; {self.left:,} are still stale"
        return (
            f"{self.renewed:,} renewed of {self.sent:,} sent, {self.overtaken:,} overtaken, "
            f"{len(self.failed):,} failed{left}"
        )


def stale(settings: Settings) -> Staleness:
    """Count what an older revision made than the models and the watch-list that are there.

    Raises:
        ConfigError: the models' manifest or the watch-list is missing or wrong.
        DependencyUnavailable: Elasticsearch does not answer.
    """
    now = current_revision(settings)
    with open_client(settings) as client:
        return count(client, now)


class Turn:
    """Tells when the next stories may go: within the budget, and when no live story waits."""

    def __init__(
        self,
        settings: Settings,
        *,
        rate: float,
        within_s: float = math.inf,
        waiting: Callable[[int], None] = lambda behind: None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Args:
        settings: where Kafka is.
        rate: stories an hour, at most.
        within_s: the time for all of it.
        waiting: told how many records the workers are behind, while it waits.
        clock: seconds, from any moment on.
        sleep: waits so many seconds.
        """
        self._settings = settings
        self._rate = rate
        self._waiting = waiting
        self._clock = clock
        self._sleep = sleep
        self._next = clock()
        self._end = self._next + within_s

    @property
    def size(self) -> int:
        """Stories of one batch."""
        return max(1, min(MOST_AT_ONCE, int(self._rate * BATCH_S / _HOUR_S)))

    def comes(self) -> bool:
        """Wait for the budget and for live news. False: the time is over."""
        if self._next > self._end:
            return False
        self._sleep(max(0.0, self._next - self._clock()))
        return self.all_is_through()

    def all_is_through(self) -> bool:
        """Wait until the workers have done all that is on the topics. False: the time is over.

        Raises:
            DependencyUnavailable: Kafka does not answer.
        """
        while self._clock() < self._end:
            if not (behind := _behind(self._settings)):
                return True
            self._waiting(behind)
            self._sleep(_LOOKED_AT_EVERY_S)
        return False

    def spend(self, stories: int) -> None:
        """Take so many stories from the budget."""
        self._next = max(self._next, self._clock()) + stories * _HOUR_S / self._rate


def reenrich(
    settings: Settings,
    turn: Turn,
    *,
    limit: int | None = None,
    progress: Callable[[Totals], None] = lambda totals: None,
) -> Totals:
    """Renew what is stale, the newest versions first.

    What is sent is the story as the index has it: the version that stays of its history. It is
    looked up once more before it is sent: what was withdrawn or superseded meanwhile is left out.
    What happens after that its external version settles: a kill and a newer version outrank it.

    Args:
        settings: where models, watch-list, Kafka and Elasticsearch are.
        turn: the budget.
        limit: most stories; none: all, until the turn's time is over.
        progress: told the totals so far after each batch.

    Raises:
        NotRenewed: the workers make nothing newer.
        ConfigError: the models' manifest or the watch-list is missing or wrong.
        DependencyUnavailable: Kafka or Elasticsearch does not answer.
    """
    generation = current_revision(settings).generation
    with (
        open_client(settings) as client,
        Publisher(settings, "/newswire/reenrich") as publisher,
    ):
        run = _Run(client, publisher, generation)
        # What an earlier run sent must be in the index, or it would be sent again.
        if turn.all_is_through():
            refresh(client)
            more = math.inf if limit is None else limit
            while more > 0 and turn.comes():
                sent = run.send(min(turn.size, more))
                if sent is None:
                    break
                more -= len(sent)
                turn.spend(len(sent))
                if sent and turn.all_is_through():
                    run.check(sent)
                progress(run.totals)
            refresh(client)
        return run.totals.model_copy(update={"left": how_many(client, generation)})


class _Run:
    """One run's place in the index, and its totals."""

    def __init__(self, client: Elasticsearch, publisher: Publisher, generation: int) -> None:
        self._client = client
        self._publisher = publisher
        self._generation = generation
        self._last: Found | None = None
        self._unchanged_in_a_row = 0
        self.totals = Totals()

    def send(self, size: float) -> list[Found] | None:
        """Send the next batch; returns what was sent of it. None: there is nothing more."""
        after = self._last.cursor if self._last else None
        batch = newest(self._client, self._generation, int(size), after)
        if not batch:
            return None
        self._last = batch[-1]
        sent: list[Found] = []
        failed: list[str] = []
        for found, there in zip(batch, versions(self._client, batch), strict=True):
            if there != (found.version, TieBreak.model_validate(found.fields)):
                continue
            try:
                story = found.story
                self._publisher.publish(STORIES, story, kafka_key(story))
            except ContractViolation as error:
                failed.append(str(error))
            else:
                sent.append(found)
        self._publisher.flush()
        self._count(sent=len(sent), overtaken=len(batch) - len(sent) - len(failed), failed=failed)
        return sent

    def check(self, sent: Sequence[Found]) -> None:
        """Look what became of a batch that the workers have done.

        Raises:
            NotRenewed: nothing, and so it was with those before.
        """
        fates: dict[Fate, list[str]] = {"renewed": [], "overtaken": [], "unchanged": []}
        for found, there in zip(sent, versions(self._client, sent), strict=True):
            fate = found.became(there and there[0], self._generation)
            fates[fate].append(f"{found.fields['id']} came back as it was")
            self._unchanged_in_a_row = self._unchanged_in_a_row + 1 if fate == "unchanged" else 0
        self._count(
            renewed=len(fates["renewed"]),
            overtaken=len(fates["overtaken"]),
            failed=fates["unchanged"],
        )
        if self._unchanged_in_a_row >= MOST_UNCHANGED_IN_A_ROW:
            raise NotRenewed(
                f"{self._unchanged_in_a_row} stories in a row came back as they were: the "
                f"enriching workers make an older generation than {self._generation}, or each is a "
                "dead letter",
                "start the workers again with the models and the watch-list that are here, or see "
                "`newswire dead-letters`",
            )

    def _count(
        self,
        sent: int = 0,
        renewed: int = 0,
        overtaken: int = 0,
        failed: Sequence[str] = (),
    ) -> None:
        self.totals = Totals(
            sent=self.totals.sent + sent,
            renewed=self.totals.renewed + renewed,
            overtaken=self.totals.overtaken + overtaken,
            failed=(*self.totals.failed, *failed),
        )


def _behind(settings: Settings) -> int:
    """Records that the enriching and the indexing workers have before them."""
    return sum(
        lag(settings, consumer_group(stage), topic)
        for stage, topic in (("enrich", STORIES), ("index", ENRICHED))
    )
