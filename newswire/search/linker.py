"""Link stories that were written to those in the index: duplicates and threads.

    written stories -> refresh -> candidates -> links -> those that differ are written again
                         ^                                             |
                         +---- they, and whom the change concerns -----+

Every worker writes and refreshes before it searches: of two stories that are written at the same
moment, at least one is linked by somebody who sees both. What a worker changes it reads again after
the next refresh, and it is done when nothing is left to change; of two workers that change one
story, the later one sees it. So the links end as :func:`newswire.stories.links.links` of the whole
index has them, whatever was written when and by whom, and linking again changes nothing.

A round is a fixed number of requests, and one more for each :data:`AT_ONCE` stories that name those
that it links. Another story is linked anew only if an earlier one is known that it should name, or
what it names is no more to be named: a story that changes no link costs one round, however many
are like it. What a story names already is among its candidates, so that a link, which the nearest
thirty of hundreds might not show again, moves to earlier stories and never back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.helpers import scan

from newswire.errors import DependencyUnavailable
from newswire.search.candidates import WITH_VECTORS, Place, Seen, of_keys, searches, seen
from newswire.search.client import WHOLE, found_of, unavailable_means_wait
from newswire.search.document import INDEX_PREFIX, Document, with_links
from newswire.search.writer import IndexWriter
from newswire.stories.links import Links, Order, Telling, links, same_copy, same_event
from newswire.stories.model import PubStatus

_ALL = f"{INDEX_PREFIX}*"

AT_ONCE = 200
"""Stories of one round."""
MOST_ROUNDS = 1000
"""A chain of changes that long means that two versions of this code fight over the links."""

_LAST = Order(2**63, True, "")


class Linker:
    """Keeps ``duplicate_of`` and ``thread_id`` of the documents of an index."""

    def __init__(self, client: Elasticsearch, writer: IndexWriter) -> None:
        self._client = client
        self._writer = writer

    def link(self, documents: Iterable[Document]) -> int:
        """Link the stories that were just written, and whoever is concerned by them.

        What counts is what the index has of them now. It may be called again with the same.

        Returns:
            How many documents were written again.

        Raises:
            DependencyUnavailable: Elasticsearch did not do all of it; link the same again.
        """
        todo = list(dict.fromkeys((document.index, document.id) for document in documents))
        rewritten = 0
        for _ in range(MOST_ROUNDS):
            if not todo:
                return rewritten
            now, todo = todo[:AT_ONCE], todo[AT_ONCE:]
            with unavailable_means_wait():
                changed, concerned = self._round(now)
            rewritten += len(changed)
            todo = list(dict.fromkeys([*todo, *changed, *concerned]))
        raise DependencyUnavailable(
            f"the links of {len(todo)} stories don't come to rest",
            "let all index workers be of one version",
        )

    def _round(self, places: Sequence[Place]) -> tuple[list[Place], list[Place]]:
        """Link some stories. Returns those it wrote, and those whose links may be wrong now."""
        touched = sorted({index for index, _ in places})
        self._client.indices.refresh(index=touched, ignore_unavailable=True)
        stories = self._read(touched, places)
        near = self._candidates([story for story in stories if story.usable])
        # What was found for its copy has no vector here: of that, what is named is read whole.
        found = (one for _, others in near.values() for one in others)
        known = {one.telling.key: one for one in found if one.telling.embedding is not None}
        known |= {story.telling.key: story for story in stories}
        self._learn(known, [one for story, others in near.values() for one in (story, *others)])
        wanted = {
            place: links(story.telling, _tellings(story, others, known))
            for place, (story, others) in near.items()
        }
        concerned = [
            other.place
            for story, others in near.values()
            for other in others
            if _should_name(other, story, known)
        ]
        concerned += self._pointing(stories, wanted, known)
        changed = [one.place for one in stories if wanted.get(one.place, one.has) != one.has]
        if changed:
            self._rewrite({place: wanted[place] for place in changed})
        linked = set(places)
        return changed, [place for place in concerned if place not in linked]

    def _read(self, indices: Sequence[str], places: Sequence[Place]) -> list[Seen]:
        asked = set(places)
        answer = self._client.search(
            index=indices,
            # A story whose date of creation was another one is in two months.
            size=len(indices) * len(places),
            query={"ids": {"values": [name for _, name in places]}},
            source=WITH_VECTORS,
            **WHOLE,
        )
        return [one for one in map(seen, answer["hits"]["hits"]) if one.place in asked]

    def _candidates(self, stories: Sequence[Seen]) -> dict[Place, tuple[Seen, list[Seen]]]:
        """Each story, and those that may be its copy or of its event."""
        found: dict[Place, tuple[Seen, list[Seen]]] = {one.place: (one, []) for one in stories}
        asked: list[Place] = []
        asking: list[Mapping[str, Any]] = []
        for story in stories:
            for search in searches(story):
                asked.append(story.place)
                asking += [{"index": _ALL, "allow_partial_search_results": False}, search]
        if not asking:
            return found
        answer = self._client.msearch(searches=asking)
        for place, response in zip(asked, answer["responses"], strict=True):
            if "error" in response:
                raise DependencyUnavailable(
                    f"Elasticsearch does not find what a story is like: {response['error']}"[:500]
                )
            found[place][1].extend(map(seen, response["hits"]["hits"]))
        return found

    def _learn(self, known: dict[str, Seen], stories: Iterable[Seen]) -> None:
        """Add those that the stories name, by their keys."""
        keys = {key for one in stories for key in one.has if key is not None} - known.keys()
        if keys:
            known |= {one.telling.key: one for one in self._scan(of_keys(keys))}

    def _pointing(
        self, stories: Sequence[Seen], wanted: Mapping[Place, Links], known: dict[str, Seen]
    ) -> Iterator[Place]:
        """Other stories whose links name one of these, and are wrong."""
        named = {one.telling.key: one for one in stories}
        pointing = list(
            self._scan(
                {
                    "bool": {
                        "should": [{"terms": {field: list(named)}} for field in Links._fields],
                        "minimum_should_match": 1,
                        "must_not": {"ids": {"values": [one.place[1] for one in stories]}},
                    }
                }
            )
        )
        self._learn(known, pointing)
        for one in pointing:
            for story in {key: named[key] for key in one.has if key in named}.values():
                # What that one is a copy or telling of, this one may be too.
                origins = [known[key] for key in wanted.get(story.place, ()) if key in known]
                if _is_wrong(one, story) or any(_should_name(one, it, known) for it in origins):
                    yield one.place
                    break

    def _scan(self, query: Mapping[str, Any]) -> Iterator[Seen]:
        """All stories that a query finds, however many."""
        query = {"query": query, "_source": WITH_VECTORS}
        yield from map(seen, scan(self._client, index=_ALL, query=query, size=AT_ONCE))

    def _rewrite(self, wanted: Mapping[Place, Links]) -> None:
        """Write the documents with other links, and nothing else of theirs changed."""
        # In real time: as little as can be happens between reading and writing.
        answer = self._client.perform_request(
            "POST",
            "/_mget",
            params={"_source_exclude_vectors": "false"},
            headers={"accept": "application/json", "content-type": "application/json"},
            body={"docs": [{"_index": index, "_id": name} for index, name in wanted]},
        )
        self._writer.rewrite(
            [
                Document(*place, found["_version"], with_links(found["_source"], wanted[place]))
                for place, found in zip(wanted, found_of(answer), strict=True)
                # A kill may have come meanwhile; who wrote it links those that name it.
                if found and found["_source"]["pub_status"] == PubStatus.USABLE
            ]
        )


def _tellings(story: Seen, others: Sequence[Seen], known: Mapping[str, Seen]) -> Iterator[Telling]:
    """What a story is compared with: its candidates, and what it and they name by now."""
    keys = {key for one in (story, *others) for key in one.has if key is not None}
    named = (known[key] for key in keys if key in known)
    for one in {one.place: one for one in (*others, *named) if one.usable}.values():
        yield one.telling


def _is_wrong(one: Seen, named: Seen) -> bool:
    """Whether a story names another that is no more to be named by it."""
    key, later, earlier = named.telling.key, one.telling, named.telling
    return (
        not named.usable
        or not earlier.order < later.order
        or (one.has.duplicate_of == key and not same_copy(later, earlier))
        or (one.has.thread_id == key and not same_event(later, earlier))
    )


def _should_name(one: Seen, earlier: Seen, known: Mapping[str, Seen]) -> bool:
    """Whether a story is a copy or a telling of one that is earlier than what it names."""
    mine = earlier.telling

    def is_better(key: str | None) -> bool:
        named = known.get(key or "")
        order = named.telling.order if named is not None and named.usable else _LAST
        return key != mine.key and mine.order < order

    return mine.order < one.telling.order and (
        (is_better(one.has.duplicate_of) and same_copy(one.telling, mine))
        or (is_better(one.has.thread_id) and same_event(one.telling, mine))
    )
