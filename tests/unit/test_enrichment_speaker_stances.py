"""What is asked of speakers, and what their answers come to."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from test_enrichment_entities import made_up_name, merged, steps

from newswire.enrichment.quotes.attributions import Attribution
from newswire.enrichment.quotes.entities import Name, NamedEntity
from newswire.enrichment.quotes.speaker_stances import (
    MOST_ASKED,
    Asked,
    Touched,
    questions,
    stances,
)
from newswire.enrichment.quotes.speakers import Cast, Said
from newswire.enrichment.sentences import split_sentences
from newswire.enrichment.stance import Answer
from newswire.enrichment.targets import Target
from newswire.stories.enriched import EntityType

TEXT = (
    "Ann Ruiz said the harbour must be closed. "
    "Bo Lind said that Ruiz was a coward. "
    "The harbour was calm."
)
CLOSE = Target(id="harbour", name="the harbour", proposition="The harbour is closed", kind="topic")
RUIZ = Target(id="ruiz", name="Ann Ruiz", aliases=("Ruiz",), kind="person")
FAVOR, AGAINST, NEUTRAL = Answer(0.9, 0.05, 0.05), Answer(0.1, 0.8, 0.1), Answer(0.1, 0.1, 0.8)


def at(words: str, start: int = 0) -> tuple[int, int]:
    begin = TEXT.index(words, start)
    return begin, begin + len(words)


def entity(name: str, *mentions: tuple[int, int], kind: EntityType = "person") -> NamedEntity:
    return NamedEntity(name, kind, tuple(Name(*own, kind) for own in mentions))


ANN = entity("Ann Ruiz", at("Ann Ruiz"), at("Ruiz", 30))
BO = entity("Bo Lind", at("Bo Lind"))
SAID = (
    Said(Attribution((at("Ann Ruiz"),), (at("said"),), (at("the harbour must be closed"),)), ANN),
    Said(Attribution((at("Bo Lind"),), (at("said", 40),), (at("that Ruiz was a coward"),)), BO),
)
SENTENCES = split_sentences(TEXT)


def asked(*targets: Target, said: tuple[Said, ...] = SAID) -> list[Asked]:
    touched = [
        Touched(
            own,
            tuple(SENTENCES[::2]) if own is CLOSE else (),
            re.compile("|".join((own.name, *own.aliases))),
        )
        for own in targets
    ]
    return questions(TEXT, SENTENCES, Cast((ANN, BO), (), said), touched)


def test_a_speakers_own_words_are_held_against_the_proposition() -> None:
    first, *_ = asked(CLOSE)
    assert (first.speaker.name, first.target) == ("Ann Ruiz", "harbour")
    assert first.question.kind == "claim"
    assert first.question.text == "the harbour must be closed"
    assert first.question.target == "The harbour is closed"


def test_toward_somebody_the_holder_and_the_target_are_marked_in_the_sentence() -> None:
    (own,) = asked(RUIZ)
    assert (own.speaker.name, own.target, own.question.kind) == ("Bo Lind", "ruiz", "holder")
    assert own.question.pair == (
        "Bo Lind toward Ann Ruiz",
        "@ Bo Lind @ said that # Ruiz # was a coward.",
    )


def test_nobody_is_asked_of_himself_and_entities_beside_the_watch_list_are_asked_of() -> None:
    (own,) = asked()
    assert (own.speaker.name, own.target, own.name) == ("Bo Lind", None, "Ann Ruiz")


def test_of_one_who_is_named_twice_in_a_quote_the_first_name_is_marked() -> None:
    content = at("Ann Ruiz said"), at("that Ruiz was a coward")
    twice = Said(Attribution((at("Bo Lind"),), (at("said", 40),), content), BO)
    (own,) = asked(said=(twice,))
    assert own.question.text == "Ann Ruiz said the harbour must be closed."
    assert own.question.target_span == (0, len("Ann Ruiz"))


def quarrel(pairs: int) -> list[Asked]:
    """What is asked where so many people speak, each of another one."""
    text, people = merged(
        " ".join(
            f"[P {made_up_name(2 * n)}] said that [P {made_up_name(2 * n + 1)}] lied."
            for n in range(pairs)
        )
    )
    said = []
    for speaker, other in zip(people[::2], people[1::2], strict=True):
        (source,), (named,) = speaker.mentions, other.mentions
        content = source.end + len(" said "), named.end + len(" lied")
        said.append(Said(Attribution(((source.start, source.end),), (), (content,)), speaker))
    return questions(text, split_sentences(text), Cast(tuple(people), (), tuple(said)), [])


def test_among_two_thousand_names_each_speaker_is_asked_of_the_one_he_names() -> None:
    found = quarrel(1_000)
    assert [(own.speaker.name, own.name) for own in found] == [
        (made_up_name(2 * n), made_up_name(2 * n + 1)) for n in range(MOST_ASKED)
    ]
    assert (
        found[1].question.pair[1] == f"@ {made_up_name(2)} @ said that # {made_up_name(3)} # lied."
    )


def test_four_times_the_speakers_are_four_times_the_work() -> None:
    assert steps(lambda: quarrel(160)) < 5 * steps(lambda: quarrel(40))


def test_the_watch_list_comes_first_where_there_is_too_much_to_ask() -> None:
    found = asked(CLOSE, said=SAID[1:] * MOST_ASKED + SAID[:1])
    assert len(found) == MOST_ASKED
    assert found[0].target == "harbour"


def test_no_speaker_and_no_target_is_left_out_where_there_is_too_much_to_ask() -> None:
    own = [
        Target(id=f"t{n}", name=f"harbour {n}", proposition="The harbour is closed", kind="topic")
        for n in range(7)
    ]
    touched = [Touched(target, tuple(SENTENCES[:1]), re.compile("harbour")) for target in own]
    speakers = [entity(f"Speaker {n}", at("Ann Ruiz")) for n in range(5)]
    said = tuple(Said(SAID[0].attribution, speaker) for speaker in speakers)
    found = questions(TEXT, SENTENCES, Cast(tuple(speakers), (), said), touched)
    assert len(found) == MOST_ASKED < 7 * 5
    assert {one.target for one in found} == {target.id for target in own}
    assert min(Counter(one.target for one in found).values()) == 3
    assert min(Counter(one.speaker.name for one in found).values()) == 4


def test_a_stance_has_the_quote_as_evidence() -> None:
    (own,) = stances(TEXT, asked(RUIZ), [AGAINST])
    assert (own.speaker, own.target, own.name, own.stance) == (
        "Bo Lind", "ruiz", "Ann Ruiz", "against",
    )  # fmt: skip
    (evidence,) = own.evidence
    assert TEXT[evidence.start : evidence.end] == evidence.text == "that Ruiz was a coward"


def test_of_a_quote_in_pieces_the_one_that_names_somebody_is_the_evidence() -> None:
    content = at("that Ruiz was a coward"), at("The harbour was calm")
    said = Said(replace(SAID[1].attribution, content=content), BO)
    (own,) = stances(TEXT, asked(said=(said,)), [AGAINST])
    assert [span.text for span in own.evidence] == ["that Ruiz was a coward"]


def test_what_a_speaker_says_twice_is_one_stance() -> None:
    weak = Answer(0.5, 0.3, 0.2)
    (own,) = stances(TEXT, asked(CLOSE, said=SAID[:1] * 2), [FAVOR, weak])
    assert own.stance == "favor"
    assert 0.6 < own.probabilities.favor < 0.9


def test_who_is_surely_for_and_against_is_neutral_and_both_are_shown() -> None:
    twice = Said(replace(SAID[0].attribution, content=(at("The harbour was calm"),)), ANN)
    (own,) = stances(TEXT, asked(CLOSE, said=(SAID[0], twice)), [FAVOR, Answer(0.06, 0.9, 0.04)])
    assert own.stance == "neutral"
    assert [span.text for span in own.evidence] == [
        "the harbour must be closed",
        "The harbour was calm",
    ]


def test_an_unsure_side_is_laid_in_nobodys_mouth() -> None:
    assert stances(TEXT, asked(CLOSE), [Answer(0.48, 0.4, 0.12), Answer(0.0, 0.0, 0.0, 1.0)]) == ()


def test_toward_one_whom_nobody_watches_only_a_side_is_kept() -> None:
    assert stances(TEXT, asked(), [NEUTRAL]) == ()
    assert [own.stance for own in stances(TEXT, asked(), [AGAINST])] == ["against"]
    assert [own.stance for own in stances(TEXT, asked(RUIZ), [NEUTRAL])] == ["neutral"]


def test_what_has_nothing_to_do_with_the_target_is_no_stance() -> None:
    assert stances(TEXT, asked(RUIZ), [Answer(0.1, 0.1, 0.1, 0.7)]) == ()


def test_who_denies_what_is_asked_is_on_the_other_side() -> None:
    text = "Ann Ruiz denied that the harbour is shut. The harbour was calm."
    said = Said(Attribution(((0, 8),), ((9, 15),), ((16, 40),)), entity("Ann Ruiz", (0, 8)))
    touched = Touched(CLOSE, tuple(split_sentences(text)[:1]), re.compile("the harbour"))
    cast = Cast((), (), (said,))
    (own,) = stances(text, questions(text, split_sentences(text), cast, [touched]), [FAVOR])
    assert own.stance == "against"
    assert [span.text for span in own.evidence] == ["denied that the harbour is shut"]


def test_of_a_quote_in_several_sentences_those_that_touch_the_target_are_asked() -> None:
    text = 'Ann Ruiz said: "Close the harbour. It is late. I am tired of it."'
    quote = text.index('"'), len(text)
    said = Said(Attribution(((0, 8),), ((9, 14),), (quote,)), entity("Ann Ruiz", (0, 8)))
    touched = Touched(CLOSE, (), re.compile("the harbour"))
    (own,) = questions(text, split_sentences(text), Cast((), (), (said,)), [touched])
    assert own.question.text == '"Close the harbour.'
    assert [text[a:b] for a, b in own.evidence] == ['"Close the harbour.']
