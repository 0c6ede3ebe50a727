from __future__ import annotations

from newswire.enrichment.question import Question, passage
from newswire.enrichment.quotes.windows import windows


def test_mentions_that_are_known_are_marked() -> None:
    text = "Ann Ruiz praised the council of Porto."
    asked = Question("name", text, "council", target_span=(21, 28))
    assert asked.pair == ("council", "Ann Ruiz praised the # council # of Porto.")
    held = Question("holder", text, "council", "Ann Ruiz", (21, 28), (0, 8))
    assert held.pair[0] == "Ann Ruiz toward council"
    nested = Question("holder", text, "council of Porto", "council", (21, 37), (21, 28))
    assert (
        nested.pair[1].replace("#", "").replace("@", "").split() == text.replace(".", " .").split()
    )


def test_a_passage_is_what_shares_most_with_the_question_in_the_texts_order() -> None:
    filler = "Nothing of interest happened there on that long and quiet day in town. "
    text = filler * 6 + "The ferry sank. " + filler * 6 + "Divers say the ferry sank twice."
    found = passage(text, "Did the ferry sink?", words=20)
    assert found.index("The ferry sank.") < found.index("Divers say the ferry")
    assert len(found.split()) <= 20
    assert passage("Short.", "ferry") == "Short."
    one = "word " * 300
    assert passage(one, "ferry", words=20).split()[0] == "word"


def test_every_sentence_is_the_own_of_one_window_and_has_its_neighbours() -> None:
    lengths = [30, 100, 120, 10, 300, 5, 5]
    found = windows(lengths, own=224, context=48)
    assert [n for own in found for n in own.own] == list(range(len(lengths)))
    assert [own.own for own in found] == [range(0, 2), range(2, 4), range(4, 5), range(5, 7)]
    assert found[1].read == range(2, 4)
    assert found[0].read == range(0, 2)
    assert found[2].read == range(3, 7)
    assert windows([]) == []
