from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest
from test_enrichment_entities import made_up_name, merged, steps

from newswire.enrichment.quotes.mentions import Lexicon, Mention, head_of, kind_of
from newswire.enrichment.quotes.resolver import Resolver
from newswire.enrichment.quotes.scene import Scene
from newswire.errors import ConfigError
from training.train_mentions import first_names, fit

LEXICON = Lexicon({"ann": 0.95, "karl": 0.05}, {"founder": 0.9, "company": 0.1})

WEIGHTS = {
    "he agrees": 4.0, "she agrees": 4.0, "he nearest": 1.0, "she nearest": 1.0, "it agrees": 3.0,
    "it nearest": 1.0, "he disagrees": -9.0, "she disagrees": -9.0, "none": 1.0,
    "phrase shares": 4.0, "none first the": 1.0,
}  # fmt: skip


def resolved(marked: str, phrase: str, boldness: float = 0.0) -> str | None:
    text, entities = merged(marked)
    start = text.index(phrase)
    resolver = Resolver(WEIGHTS, LEXICON, boldness)
    (found,) = resolver.resolve(text, entities, [Mention(start, start + len(phrase))])
    return found.name if found else None


def test_a_pronoun_goes_to_the_nearest_who_agrees() -> None:
    story = "[P Ann Ruiz] met [P Karl Berg] of the [O Porto Herald]. Then {} left."
    assert resolved(story.format("she"), "she") == "Ann Ruiz"
    assert resolved(story.format("he"), "he left") is None  # no pronoun, no entity shares a word
    assert resolved("[P Karl Berg] met [P Ann Ruiz], and he spoke.", "he spoke"[:2]) == "Karl Berg"
    assert resolved(story.format("it"), "it") == "Porto Herald"


def test_a_title_tells_more_than_a_first_name() -> None:
    assert resolved("Mr. [P Ann Berg] said she was there.", "she") is None
    assert resolved("Mrs. [P Karl] said she was there.", "she") == "Karl"


def test_a_noun_phrase_goes_to_whoever_is_called_so() -> None:
    story = "[P Ann Ruiz], founder of the club, met [P Karl Berg]. The founder spoke."
    assert resolved(story, "The founder") == "Ann Ruiz"
    assert resolved(story.replace("founder of", "guest of"), "The founder") is None


def test_without_names_nobody_is_meant() -> None:
    assert resolved("Nobody is named, and she left.", "she", boldness=9.0) is None


@pytest.mark.parametrize(
    ("phrase", "kind"),
    [("Her", "she"), ("themselves", "they"), ("its founder", "phrase of theirs"),
     ("the workers", "phrase plural"), ("the boss of the workers", "phrase")],
)  # fmt: skip
def test_mentions_are_told_apart_by_their_words(phrase: str, kind: str) -> None:
    assert kind_of(phrase) == kind


def test_the_head_is_the_last_word_before_what_hangs_on_it() -> None:
    assert head_of("the old founder of the company".split()) == "founder"
    assert head_of("the company's".split()) == "company"


def test_first_names_are_counted_by_the_pronoun_that_follows() -> None:
    texts = ["Ann Ruiz said she would. " * 5, "Karl Berg said he would. " * 5, "Bo Lund left."]
    found = first_names(texts)
    assert found["ann"] > 0.9
    assert found["karl"] < 0.1
    assert "bo" not in found


def test_weights_are_learnt_from_what_is_right() -> None:
    rows = [([{"good": 1.0}, {"none": 1.0}], [True, False])] * 20
    weights = fit(rows)
    assert weights["good"] > 1 > 0 > weights["none"]


def test_a_scene_weighs_a_bounded_number_of_entities() -> None:
    marked = " ".join(f"[P Ann{n} Ruiz{n}] spoke." for n in range(300)) + " She left."
    text, entities = merged(marked)
    options = Scene(text, entities, LEXICON).options(Mention(text.index("She"), len(text) - 6))
    assert len(options) == 41


@pytest.mark.parametrize("seed", range(10))
def test_what_a_scene_keeps_is_what_looking_back_over_the_story_tells(seed: int) -> None:
    chance = random.Random(seed)
    firsts, lasts = ("Ann", "Karl", "Bo"), ("Ruiz", "Berg", "Lund")
    names = [f"[{kind} {first} {last}]" for kind in "POL" for first in firsts for last in lasts]
    text, entities = merged(
        " ".join(chance.choice((*names, "she ", "he ", "it. ")) for _ in range(150))
    )
    scene = Scene(text, entities, LEXICON)
    earlier: list[tuple[int, int]] = []
    for found in re.finditer(r"\b(?P<kind>she|he|it)\b", text):
        at, kind = found.start(), found["kind"]
        before = [[n.start for n in own.mentions if n.start < at] for own in entities]
        gaps = [
            at - starts[-1] if starts else 100_000 + own.mentions[0].start - at
            for own, starts in zip(entities, before, strict=True)
        ]
        options = scene.options(Mention(*found.span()))
        weighed = [number for number, _ in options[:-1] if number is not None]
        assert weighed == sorted(range(len(entities)), key=lambda n: gaps[n])
        for number, (_, features) in zip(weighed, options, strict=False):
            if f"{kind} disagrees" in features:
                continue
            named = before[number][-1] if before[number] else entities[number].mentions[0].start
            since = {own for place, own in earlier if place > named}
            assert (f"{kind} itself since" in features) == (number in since)
            assert (f"{kind} another since" in features) == bool(since - {number})
            of_kind = [own for own in earlier if text.startswith(f"{kind} ", own[0])
                       or text.startswith(f"{kind}.", own[0])]  # fmt: skip
            alone = bool(of_kind) and of_kind[-1][1] == number and not any(
                starts and starts[-1] >= of_kind[-1][0]
                for n, starts in enumerate(before)
                if n != number and entities[n].type == entities[number].type
            )  # fmt: skip
            assert (f"{kind} the last, none named since" in features) == alone
        chosen = chance.choice(weighed)
        scene.note(Mention(*found.span()), chosen)
        earlier.append((at, chosen))


def test_four_times_the_names_and_mentions_are_four_times_the_work() -> None:
    def work(many: int) -> int:
        marked = " ".join(f"[P {made_up_name(n)}] said the founder left." for n in range(many))
        text, entities = merged(marked)
        asked = [Mention(own.start(), own.end()) for own in re.finditer("the founder", text)]
        resolver = Resolver(WEIGHTS, LEXICON)
        return steps(lambda: resolver.resolve(text, entities, asked))

    assert work(160) < 5 * work(40)


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "model.json"
    with pytest.raises(ConfigError, match=r"model\.json can't be loaded"):
        Resolver.load(file)
    file.write_text(json.dumps({"weights": {}}), "utf-8")
    with pytest.raises(ConfigError, match="restore models/"):
        Resolver.load(file)
