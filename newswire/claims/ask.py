"""A claim against the stories in the index: who agrees, who disagrees, who only reports it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import get_args

from elasticsearch import Elasticsearch
from pydantic import BaseModel, ConfigDict

from newswire.enrichment.claims import ClaimRefused, read_claim
from newswire.enrichment.claims_said import ClaimLabel, ClaimProbabilities, Judge
from newswire.enrichment.reading import language_of
from newswire.errors import NewswireError
from newswire.search.claims import Claim, Indexed, Witness, embedding_of, find, printings, witnesses
from newswire.search.claims_index import outlet
from newswire.search.reader import get
from newswire.stories.enriched import ScoredSpan
from newswire.stories.language import LANGUAGE
from newswire.stories.model import Moment, Story
from newswire.stories.quality import Reason

DAYS = 7
"""Around the day of the claim's story: a claim that is denied is denied within the week."""


class CitedStory(BaseModel):
    """A story that is cited for or against a claim, as a reader is shown it."""

    model_config = ConfigDict(frozen=True)

    id: str
    outlet: str
    headline: str | None = None
    version_created: Moment
    undated: bool = False
    """It states no date: ``version_created`` is that of its fetch."""
    url: str | None = None

    @classmethod
    def of(cls, one: Indexed) -> CitedStory:
        """That of a story."""
        story = one.story
        return cls(
            id=story.id,
            outlet=outlet(one),
            headline=story.headline,
            version_created=story.version_created,
            undated=any(mark.reason == Reason.DATE_MISSING for mark in story.quality),
            url=story.url,
        )


class Said(BaseModel):
    """What one copy says of the claim."""

    model_config = ConfigDict(frozen=True)

    story: CitedStory
    label: ClaimLabel
    probabilities: ClaimProbabilities | None = None
    evidence: tuple[ScoredSpan, ...] = ()
    copies: tuple[CitedStory, ...] = ()
    """Who else prints it: one voice, however many they are."""


class Report(BaseModel):
    """A claim and what others say of it."""

    model_config = ConfigDict(frozen=True)

    claim: str
    story: CitedStory | None = None
    """Whose headline it is, where it is one's."""
    copies: tuple[CitedStory, ...] = ()
    """Who prints that story as well; not judged."""
    said: tuple[Said, ...] = ()
    """By label, the surest first; the unrelated last."""
    not_judged: tuple[str, ...] = ()
    """Languages of stories that were found and not judged."""

    def lines(self, *, unrelated: bool = False) -> Iterator[Line]:
        """Every story, each copy too; ``unrelated``: also those that say nothing of the claim."""
        for copy in self.copies:
            yield Line(claim=self.claim, story=copy, copy_of=self.story.id if self.story else None)
        for said in self.said:
            if said.label != "unrelated" or unrelated:
                own = Line(
                    claim=self.claim,
                    story=said.story,
                    label=said.label,
                    probabilities=said.probabilities,
                    evidence=said.evidence,
                )
                yield own
                for copy in said.copies:
                    yield own.model_copy(
                        update={"story": copy, "copy_of": said.story.id, "evidence": ()}
                    )


class Line(BaseModel):
    """One story and the claim, for machines."""

    model_config = ConfigDict(frozen=True)

    claim: str
    story: CitedStory
    label: ClaimLabel | None = None
    """None: it prints the story whose headline the claim is."""
    probabilities: ClaimProbabilities | None = None
    evidence: tuple[ScoredSpan, ...] = ()
    """Of the story itself: none of a copy, whose text may differ."""
    copy_of: str | None = None
    """Id of the story whose copy it prints, and whose label it has."""


def ask(
    client: Elasticsearch,
    judge: Judge,
    text: str,
    *,
    since: date | None = None,
    until: date | None = None,
    size: int = 20,
) -> Report:
    """Hold a claim that is handed in against the stories.

    Args:
        client: of the cluster.
        judge: the models.
        text: the claim.
        since: only stories that were first created on this day, in UTC, or later.
        until: or earlier.
        size: most copies of each of the two searches, by words and by meaning.

    Raises:
        ClaimRefused: the text is no claim, or not English.
        DependencyUnavailable: Elasticsearch does not answer.
    """
    claim = read_claim(text)
    asked = Claim(claim, judge.vector(claim), since=_begin(since), until=_end(until))
    return _report(judge, claim, witnesses(client, asked, size))


def ask_of_story(
    client: Elasticsearch,
    judge: Judge,
    story_id: str,
    *,
    since: date | None = None,
    until: date | None = None,
    days: int = DAYS,
    size: int = 20,
) -> Report:
    """Hold a story's headline against the stories of others.

    Args:
        client: of the cluster.
        judge: the models.
        story_id: the story's id, its beginning, or the ``_id``.
        since: only stories that were first created on this day, in UTC, or later.
        until: or earlier.
        days: so far from the story's own day, where nothing else is said.
        size: most copies of each of the two searches, by words and by meaning.

    Raises:
        NewswireError: there is no such story, or several.
        ClaimRefused: it has no headline, or one that is no claim, or is not English.
        DependencyUnavailable: Elasticsearch does not answer.
    """
    named = get(client, story_id)
    one = find(client, named.key) if named else None
    if one is None:
        raise NewswireError(f"no story {story_id} in the index", "look for it with `search`")
    headline = claim_of(one.story)
    reach = timedelta(days=days)
    asked = Claim(
        headline,
        embedding_of(client, one) or judge.vector(headline),
        key=one.story.key,
        origin=one.origin,
        since=_begin(since) or one.story.first_created - reach,
        until=_end(until) or one.story.first_created + reach,
    )
    report = _report(judge, headline, witnesses(client, asked, size))
    copies = [copy for copy in printings(client, [one.origin]) if copy.id != one.id]
    return report.model_copy(
        update={"story": CitedStory.of(one), "copies": tuple(map(CitedStory.of, copies))}
    )


def claim_of(story: Story) -> str:
    """What a story's headline claims.

    Raises:
        ClaimRefused: it has none, or one that states nothing, or is not English.
    """
    if not (story.headline and story.headline.strip()):
        raise ClaimRefused(
            f"the story {story.id} has no headline", "hand in what it claims as a text"
        )
    if (language := language_of(story)) != LANGUAGE:
        raise ClaimRefused(
            f"the story {story.id} is in another language ({language}); nothing is judged",
            "the models read English",
        )
    return read_claim(story.headline)


def legible(found: Sequence[Witness]) -> tuple[list[Witness], list[str]]:
    """Those that can be judged, and the languages of the others."""
    languages = [language_of(one.first.story) for one in found]
    return (
        [one for one, language in zip(found, languages, strict=True) if language == LANGUAGE],
        sorted(set(languages) - {LANGUAGE}),
    )


def _report(judge: Judge, claim: str, found: Sequence[Witness]) -> Report:
    judged, languages = legible(found)
    judgements = judge.judge(claim, [one.first.story for one in judged])
    said = [
        Said(
            story=CitedStory.of(one.first),
            label=judgement.label,
            probabilities=judgement.probabilities,
            evidence=judgement.evidence,
            copies=tuple(map(CitedStory.of, one.copies)),
        )
        for one, judgement in zip(judged, judgements, strict=True)
    ]
    labels = get_args(ClaimLabel)
    return Report(
        claim=claim,
        said=tuple(sorted(said, key=lambda own: (labels.index(own.label), -_chance(own)))),
        not_judged=tuple(languages),
    )


def _chance(said: Said) -> float:
    return float(getattr(said.probabilities, said.label)) if said.probabilities else 0.0


def _begin(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time.min, UTC)


def _end(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time.max, UTC)
