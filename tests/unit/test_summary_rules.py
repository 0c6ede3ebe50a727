"""What may stand in a summary, by its form."""

from __future__ import annotations

import pytest

from newswire.enrichment.summary.rules import hangs_after, hangs_before, is_prose, units

PLAIN = "The council of Port Alder voted on Tuesday to close the old mill."


@pytest.mark.parametrize(
    "line",
    [
        "Ann Lee (left) and Bob Ray before the vote on Monday.",
        "Mill workers Ann Lee (second left, in red) and Bob Ray march through the town.",
        "Pictured: the old mill at dawn on the day of the vote.",
        "FILE - In this Sept. 21, 2022 file photo, a barge passes the mill.",
        "In this undated photo provided by the council, the mill burns.",
        "The mayor is pictured with her dog at the gates of the mill.",
        "Photo: Harbour Press/Ann Lee shows the mill in flames.",
        "A file photo of the mill before it was closed.",
    ],
)
def test_a_caption_is_no_copy(line: str) -> None:
    assert not is_prose(line)


@pytest.mark.parametrize(
    "line",
    [
        "(Reporting by Ann Lee in Port Alder; Editing by Bob Ray)",
        "Additional reporting by Bob Ray in Brindle Bay.",
        "Harbour Press writer Bob Ray contributed to this report.",
        "By Ann Lee and Bob Ray.",
        "BY ANN and BOB, CY-LEE and DEE and.",
        "Copyright 2023 Harbour Press and all its members.",
        "This material may not be published or broadcast anywhere.",
        "Follow Ann Lee on Twitter at the address below.",
        "Read more: the mill that would not close.",
        "Scroll down for the video of the fire.",
        "For more coverage of the vote, visit our page.",
        "MILL CLOSES AFTER LONG NIGHT OF VOTES.",
        "What the council decided",
        "The day in brief:",
        "Go on then.",
        "Port Alder at Brindle Bay, 1:05 p.m.",
        "Brindle Bay (Doe 8-5) at Port Alder (Ray 11-6), 7:45 p.m.",
        "NBT = No Best Time.",
        "The following stories and features are available to subscribers.",
    ],
)
def test_credits_bylines_links_and_crossheads_are_no_copy(line: str) -> None:
    assert not is_prose(line)


def test_a_long_word_in_capitals_is_told_from_a_byline() -> None:
    # Every way to split it into names would be tried for longer than any test may last.
    assert is_prose("By " + "A" * 1000 + "; and so it went on.")


@pytest.mark.parametrize(
    "sentence",
    [
        PLAIN,
        "Video of the fire was shown on television.",
        "Left without power, the town froze on Monday.",
        "Above all, the council wants calm in the town.",
        "By Monday the fire had reached the harbour.",
        "Correction fluid was banned by the school on Monday.",
        '"We will win," said Ann Lee, who leads the union.',
        "Related cases were found in Brindle Bay on Monday.",
        "Published figures show that the mill lost money.",
    ],
)
def test_copy_that_looks_like_furniture_is_copy(sentence: str) -> None:
    assert is_prose(sentence)
    assert not hangs_before(sentence)
    assert not hangs_after(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "He said the plan was dead.",
        "Her husband works at the mill too.",
        "They were arrested on Monday.",
        "It sank within minutes of the crash.",
        "But it sank within minutes of the crash.",
        "This was the third fire at the mill.",
        "The pair were arrested on Monday.",
        "However, she refused to pay.",
        "But the council refused to pay.",
        "For example, the mill paid nothing for years.",
        '"The plan is dead," he said on Monday.',
        '"The plan is dead," said he.',
        "“Go,” she told police, “and don't come back.”",
        '"The plan is dead and everybody knows it."',
        'The plan is dead," Ann Lee said.',
        "Speaking in Port Alder on Monday, she warned of floods.",
        "After the storm, he went home.",
        "Police found her car near the harbour.",
        "Relatives in the town say they fear for his life.",
        "A prison guard showed her the list of names.",
        "Ann Lee told him on Monday.",
        "The ban of Norland holds for foreigners too, he added.",
        "The ban of Norland will end, she said on Monday.",
        "We must go now and not wait.",
        "That leaves me with nothing, and my family too.",
    ],
)
def test_what_means_nothing_alone_hangs_on_the_sentence_before(sentence: str) -> None:
    assert hangs_before(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "This week the council votes on the plan.",
        "Those who work at the mill will be paid until March.",
        "It is unclear whether the ship will sail.",
        "It was the union that asked for a vote.",
        "The minister said he would resign.",
        "Ann Lee told the court she had seen nothing.",
        "Asked about the plan, Ann Lee said she had no comment.",
        "After Ann Lee won the vote, she thanked the union.",
        "The players' union said it would strike.",
        '"It was over," Ann Lee said. "I knew it."',
        "'The plan is dead,' Ann Lee said.",
        "Police found Ann Lee and her car near the harbour.",
        "Police say a woman was found near her car.",
        "Ann Lee's lawyer told her on Monday.",
        "Tennis champion Ann Lee took her fifth title on Sunday.",
        "A mother found her son dead on Monday.",
        "When Ann Lee had won the vote, she said it was over.",
        "The man who shot at the police told a court that they beat him.",
        "Her Majesty opened the new mill on Monday.",
        "The U.S. and Norland agreed on a price.",
    ],
)
def test_what_names_its_subject_stands_alone(sentence: str) -> None:
    assert not hangs_before(sentence)


def test_a_quotation_that_goes_on_hangs_on_the_next_sentence() -> None:
    assert hangs_after('Ann Lee said: "The plan is dead.')
    assert not hangs_after('Ann Lee said: "The plan is dead."')


def test_a_sentence_that_hangs_is_taken_only_with_the_one_that_it_hangs_on() -> None:
    sentences = [PLAIN, "Ann Lee led the vote.", "She said it was over.", "He lost the other vote."]
    assert units(sentences, 4) == [[0], [1], [1, 2], [1, 2, 3]]
    assert units(sentences, 2) == [[0], [1], [1, 2]]


def test_a_quotation_over_two_sentences_is_taken_whole() -> None:
    sentences = [PLAIN, 'Ann Lee said: "The plan is dead now.', 'Nobody will miss it." It rained.']
    assert units(sentences, 4) == [[0], [1, 2], [1, 2]]


def test_what_hangs_on_a_caption_is_not_taken() -> None:
    caption = "Ann Lee (left) before the vote on Monday."
    assert units([PLAIN, caption, "She won by ten votes."], 4) == [[0]]


def test_where_nothing_stands_alone_all_copy_is_taken_and_without_copy_anything() -> None:
    hanging, caption = "He said the plan was dead.", "Ann Lee (left) before the vote."
    assert units([hanging, caption], 4) == [[0]]
    assert units([caption], 4) == [[0]]
    assert units([], 4) == []
