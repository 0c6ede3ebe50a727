"""JSON: read strictly, and told apart by the names in it."""

from __future__ import annotations

import json
import tracemalloc

import pytest

from newswire.config import ROOT
from newswire.errors import InputTooLarge, MalformedInput, NoArticle, NoHeadline
from newswire.formats import Parsed, parse
from newswire.stories.model import ItemType

WIRE = ROOT.parent / "shared" / "wire"
ITEM = {
    "uri": "urn:norland:1",
    "type": "text",
    "headline": "Parliament passes a carbon tax",
    "body_text": "Parliament passed a carbon tax on Friday.",
    "versioncreated": "2024-05-03T07:30:00Z",
}


def read(document: object) -> Parsed:
    data = document if isinstance(document, str) else json.dumps(document)
    parsed = parse(data.encode(), uri="https://wire.example/items.json")
    assert (parsed.format, parsed.media_type) == ("json", "application/json")
    return parsed


def item(number: int) -> dict[str, object]:
    return {**ITEM, "uri": f"urn:norland:{number}"}


def ids(parsed: Parsed) -> list[str | None]:
    return [draft.id for draft in parsed.drafts]


@pytest.mark.parametrize(
    "document",
    [
        [item(1), item(2)],
        {"item": [item(1), item(2)]},
        {"_items": [item(1), item(2)], "_meta": {"total": 2}},
        {"total": 2, "hits": [item(1), item(2)]},
        {"data": {"results": {"news": [item(1), item(2)]}}},
        {"first": item(1), "second": {"payload": item(2)}},
    ],
)
def test_items_are_found_in_whatever_wraps_them(document: object) -> None:
    assert ids(read(document)) == ["urn:norland:1", "urn:norland:2"]


def test_items_of_different_wires_may_stand_in_one_document() -> None:
    fingerpost = {"source-feed": "X", "usn": "7", "headline": "A headline", "body_text": "Words."}
    assert ids(read([item(1), fingerpost])) == ["urn:norland:1", "7"]


def test_json_lines_are_one_item_a_line() -> None:
    lines = "\n".join(json.dumps(item(number)) for number in (1, 2, 3))
    assert ids(read(lines + "\n")) == ["urn:norland:1", "urn:norland:2", "urn:norland:3"]


def test_a_broken_line_of_json_lines_is_a_failure_and_its_neighbours_go_through() -> None:
    parsed = read(f'{json.dumps(item(1))}\n{{"uri": "urn:nor\n{json.dumps(item(3))}\n')
    assert ids(parsed) == ["urn:norland:1", "urn:norland:3"]
    (failure,) = parsed.failures
    assert (failure.entry, type(failure.error)) == ("line 2", MalformedInput)


def test_lines_that_are_broken_without_end_are_not_read_without_end() -> None:
    parsed = read(json.dumps(item(1)) + '\n{"uri": [' * 10_000 + "\n" + json.dumps(item(2)))
    assert ids(parsed) == ["urn:norland:1"]
    assert len(parsed.failures) == 100
    assert str(parsed.failures[-1].error) == "100 broken lines, and what follows isn't read"


def test_an_item_that_is_bad_is_a_failure_and_its_neighbours_go_through() -> None:
    headless = {name: value for name, value in item(2).items() if name != "headline"}
    parsed = read([item(1), headless, {"weather": "fine"}, "words", item(5)])
    assert ids(parsed) == ["urn:norland:1", "urn:norland:5"]
    assert [(one.entry, type(one.error)) for one in parsed.failures] == [
        ("urn:norland:2", NoHeadline),
        ("entry 3", NoArticle),
        ("entry 4", NoArticle),
    ]
    assert str(parsed.failures[1].error) == (
        "JSON with weather, which is no wire that Newswire reads"
    )


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"version": 1, "services": {}}, "JSON with version, services, which is no wire"),
        ({}, "JSON without anything in it, which is no wire"),
        ([1, 2], "JSON that is a list, which is no wire"),
        ([[[[[[[item(1)]]]]]]], "JSON that is a list, which is no wire"),
    ],
)
def test_an_unknown_shape_is_one_clear_line(document: object, words: str) -> None:
    with pytest.raises(NoArticle, match=words) as error:
        read(document)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ('{"uri": "a", "uri": "b", "headline": "c"}', "JSON with two values under the name 'uri'"),
        ('{"uri": "a", "x": {"b": 1, "b": 2}}', "JSON with two values under the name 'b'"),
        ('{"uri": "a", "urgency": NaN}', "JSON with NaN, which is no number"),
        ('{"uri": "a", "urgency": -Infinity}', "JSON with -Infinity, which is no number"),
        ('{"uri": "a", "urgency": 1e999}', "JSON with a number that is too large"),
        ('{"uri": "a", "urgency": ' + "9" * 5000 + "}", "a number of over 4,300 digits"),
        ('{"uri": "a", "urgency": 1.' + "1" * 5000 + "}", "a number of over 4,300 digits"),
        ("{" + "".join(f'"{n}": 1, ' for n in range(50_000)) + '"7": 1}', "under the name '7'"),
        ('{"uri": ' + "[" * 100_000 + "]" * 100_000 + "}", "JSON that is nested too deep"),
        ('{"uri": "a", "headline": "cut', r"no JSON: .*\(line 1, column 26\)"),
        ('{"uri": "a"} and more}', r"no JSON: more text after its end \(line 1, column 14\)"),
        ('{\n"uri": "a",\n}', r"no JSON: .*\(line 3, column 1\)"),
    ],
)
def test_json_that_receivers_read_differently_is_malformed(document: str, words: str) -> None:
    with pytest.raises(MalformedInput, match=words) as error:
        read(document)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("[" + "{}," * 1_000_000 + "{}]", "JSON of 1,000,002 objects and lists, over the limit"),
        (
            "[" + ",".join(['{"uri":"u","headline":"h"}'] * 50_001) + "]",
            "JSON of over 50,000 items; split it",
        ),
    ],
)
def test_more_than_any_wire_sends_is_refused(document: str, words: str) -> None:
    with pytest.raises(InputTooLarge, match=words):
        read(document)


def test_a_body_that_is_far_too_long_is_a_failure_unread() -> None:
    parsed = read([item(1), item(2) | {"body_html": "<p>It happened.</p>" * 250_000}])
    assert ids(parsed) == ["urn:norland:1"]
    assert str(parsed.failures[0].error) == (
        "a body of 4,750,000 characters, over the limit of 4,000,000"
    )


def test_half_a_surrogate_pair_makes_its_item_a_failure() -> None:
    bad = json.dumps(item(2)).replace("Friday", "Fri\\ud800day")
    good = json.dumps(item(3)).replace("Friday", "Friday \\ud83d\\ude00")
    parsed = read(f"[{json.dumps(item(1))}, {bad}, {good}]")
    assert ids(parsed) == ["urn:norland:1", "urn:norland:3"]
    assert parsed.drafts[1].body[0].text.endswith("\U0001f600.")
    assert str(parsed.failures[0].error) == "JSON with half a surrogate pair in a string"


def test_a_line_separator_in_a_string_breaks_nothing() -> None:
    separated = ITEM | {"body_text": "One\u2028two, and a sentence follows it here."}
    parsed = read(json.dumps(separated, ensure_ascii=False))
    assert parsed.drafts[0].body[0].text.startswith("One")


def test_an_item_without_an_id_is_named_by_its_place_and_what_it_says() -> None:
    first, again = read([item(1), {"a": 1}]), read([item(1), item(2), {"a": 1}])
    assert [one.failures[0].entry for one in (first, again)] == ["entry 2", "entry 3"]
    assert first.failures[0].key == again.failures[0].key != ""


def test_many_items_take_memory_in_proportion() -> None:
    def peak(count: int) -> int:
        data = json.dumps([item(number) for number in range(count)]).encode()
        tracemalloc.start()
        parsed = parse(data, uri="x")
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert len(parsed.drafts) == count
        return size

    peak(10)
    assert peak(400) < 3 * peak(200)


@pytest.mark.parametrize(
    "folder", ["ninjs", "ap-media-json", "dpa-digitalwires-json", "vendor-json"]
)
def test_every_real_item_is_read(folder: str) -> None:
    if not (WIRE / folder).is_dir():
        pytest.skip(f"the real files are not here: {WIRE / folder}")
    for path in sorted((WIRE / folder).glob("*.json")):
        parsed = parse(path.read_bytes(), uri=f"file:{path.name}")
        assert parsed.drafts, path.name
        assert not parsed.failures, path.name
        for draft in parsed.drafts:
            assert draft.id, path.name
            assert draft.version_created or draft.first_created, path.name
            assert draft.type is not ItemType.TEXT or (draft.headline and draft.body), path.name
