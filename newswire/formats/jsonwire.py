"""Wires in JSON: which format each object is, is read from the names in it.

    text -> values (one, or JSON lines) -> objects that are items -> drafts

An item may be the document, stand in a list, or in a wrapper as APIs put around it
(``{"item": […]}``, ``{"data": {"items": […]}}``). Whatever wraps it is not looked at.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from pydantic import JsonValue

from newswire.errors import InputTooLarge, MalformedInput, NoArticle, ParseError
from newswire.formats import ap_json, dpa_json, ninjs, vendor_json
from newswire.formats.base import jsontree
from newswire.formats.base.document import Document, Entries, Failure
from newswire.formats.base.jsontree import Object
from newswire.formats.base.room import Room
from newswire.stories.draft import Draft

_MOST_ITEMS = 50_000
"""Each would be a story or a dead letter."""
_DEEPEST_WRAPPER = 5
"""Levels at which items are looked for; APIs wrap them in three at most."""


@dataclass(frozen=True)
class _Wire:
    """One JSON format: what its items look like, and what reads one."""

    is_item: Callable[[Object], bool]
    draft_of: Callable[[Object], Draft]


_WIRES = (
    _Wire(dpa_json.is_item, dpa_json.draft_of),
    _Wire(ap_json.is_item, ap_json.draft_of),
    *(_Wire(vendor.is_item, vendor.draft_of) for vendor in vendor_json.VENDORS),
    # The last: its names are those that the others have taken over.
    _Wire(ninjs.is_item, ninjs.draft_of),
)


@dataclass(frozen=True)
class _Found:
    """An object of a document, by its place, and what reads it; ``None``: nothing does."""

    place: str
    item: Object
    wire: _Wire | None


def parse(document: Document) -> Entries:
    """Read every item of a document.

    Raises:
        MalformedInput: no JSON, or JSON that receivers read differently.
        NoArticle: JSON in which nothing is an item of a known wire.
        InputTooLarge: more items than any wire sends at once, or more of something else.
    """
    values = jsontree.read(document.text)
    look_at_strings = jsontree.may_have_surrogates(document.text)
    drafts: list[Draft] = []
    failures: list[Failure] = []
    found: list[_Found] = []
    for number, value in enumerate(values, start=1):
        if isinstance(value, MalformedInput):
            failures.append(Failure(f"line {number}", value))
        else:
            place = f"entry {number}" if len(values) > 1 else ""
            found.extend(islice(_items(value, place), _MOST_ITEMS + 1))
        if len(found) > _MOST_ITEMS:
            raise InputTooLarge(
                f"JSON of over {_MOST_ITEMS:,} items", "split it into documents of fewer"
            )
    if not any(one.wire for one in found):
        raise NoArticle(f"JSON{_names(values[0])}, which is no wire that Newswire reads")
    room = Room()
    for one in found:
        try:
            if look_at_strings:
                jsontree.refuse_surrogates(one.item)
            if one.wire is None:
                raise NoArticle(f"JSON{_names(one.item)}, which is no wire that Newswire reads")
            draft = one.wire.draft_of(one.item)
        except ParseError as error:
            failures.append(_failure(one, error))
        else:
            room.take(draft)
            drafts.append(draft)
    return Entries(drafts, failures)


def _items(value: JsonValue, place: str, depth: int = 0) -> Iterator[_Found]:
    """The items in a value; in a list of items also the objects that are none."""
    if isinstance(value, dict):
        item = jsontree.lowered(value)
        wire = next((wire for wire in _WIRES if wire.is_item(item)), None)
        if wire is not None:
            yield _Found(place, item, wire)
        elif depth < _DEEPEST_WRAPPER:
            for name, inner in value.items():
                if isinstance(inner, dict | list):
                    yield from _items(inner, place or name, depth + 1)
    elif isinstance(value, list) and depth < _DEEPEST_WRAPPER:
        missed: list[int] = []
        any_found = False
        for number, one in enumerate(value):
            is_empty = True
            for found in _items(one, f"entry {number + 1}", depth + 1):
                is_empty = False
                yield found
            any_found = any_found or not is_empty
            if is_empty:
                missed.append(number)
        for number in missed if any_found else []:
            one = value[number]
            bad = jsontree.lowered(one) if isinstance(one, dict) else {}
            yield _Found(f"entry {number + 1}", bad, None)


def _names(value: object) -> str:
    if isinstance(value, dict):
        names = ", ".join(name[:30] for name in islice(value, 6))
        return f" with {names}" if names else " without anything in it"
    return " that is a list" if isinstance(value, list) else ""


def _failure(found: _Found, error: ParseError) -> Failure:
    name = jsontree.text(found.item, "guid", "uri", "urn", "_id", "id", "itemid", "usn")
    if name:
        return Failure(name, error)
    said = json.dumps(found.item, sort_keys=True).encode()
    return Failure(found.place or "entry 1", error, hashlib.sha256(said).hexdigest())
