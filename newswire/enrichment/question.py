"""What the stance model is asked, and how a question becomes the two texts that it reads.

The model reads a pair: the question (the target, or ``HOLDER toward TARGET``) and the passage. In
the passage the mention of the target stands between ``#`` and that of the holder between ``@``,
where it is known which mention is meant ("typed entity markers", Zhou and Chen, 2022): a sentence
that names five people says something else of each.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from newswire.enrichment.common_words import COMMON
from newswire.enrichment.sentences import split_sentences
from newswire.enrichment.targets import Target

Kind = Literal["name", "holder", "story", "topic", "claim", "report", "headline"]
"""``name``: a passage toward somebody or something that it names; ``holder``: the same, of somebody
who is named as well; ``story``: a whole story toward its main person; ``topic``: a text toward a
topic; ``claim``: toward a proposition; ``report``: a story toward a claim of others;
``headline``: a headline, or one sentence, toward such a claim."""

KINDS: tuple[Kind, ...] = get_args(Kind)
"""The order of the model's answers."""

PASSAGE_WORDS = 85
"""Of a long text that are read: some 110 tokens, as many as the model was trained on."""

_WORD = re.compile(r"\w+")

_STEM = 5
"""Letters by which words are compared, and digits of a number: the models were trained on what this
chose. The support of a generated sentence takes numbers whole, so it has stems of its own."""


@dataclass(frozen=True)
class Question:
    """One question to the stance model."""

    kind: Kind
    text: str
    """The passage, most often a sentence."""
    target: str
    holder: str = ""
    """Whose stance, for ``holder``."""
    target_span: tuple[int, int] | None = None
    """``[start, end)`` of the target's mention in :attr:`text`."""
    holder_span: tuple[int, int] | None = None

    @property
    def pair(self) -> tuple[str, str]:
        """The two texts that the model reads."""
        asked = f"{self.holder} toward {self.target}" if self.holder else self.target
        return asked, _marked(self.text, self.target_span, self.holder_span)


def about(target: Target, text: str) -> Question | None:
    """What is asked of a text toward a topic or a claim; None: the target is somebody named."""
    if target.proposition or target.kind == "claim":
        return Question("claim", text, target.asked)
    if target.kind == "topic":
        return Question("topic", text, target.name)
    return None


def _marked(text: str, target: tuple[int, int] | None, holder: tuple[int, int] | None) -> str:
    inserts = [
        insert
        for span, mark in ((target, "#"), (holder, "@"))
        if span is not None
        for insert in ((span[0], f"{mark} "), (span[1], f" {mark}"))
    ]
    # From the back, so that the offsets before stay true.
    for at, mark in sorted(inserts, reverse=True):
        text = text[:at] + mark + text[at:]
    return text


def passage(text: str, about: str, words: int = PASSAGE_WORDS) -> str:
    """The part of a long text that has most to do with ``about``, in the text's order.

    Sentences are taken by how many of its words they share, the earlier of two equals first, until
    ``words`` are full. A short text is left as it is.
    """
    if len(text.split()) <= words:
        return text
    sentences = [text[own.start : own.end] for own in split_sentences(text)]
    return " ".join(sentences[number] for number in nearest(sentences, about, words))


def nearest(sentences: Sequence[str], about: str, words: int = PASSAGE_WORDS) -> list[int]:
    """Which sentences make the :func:`passage` about ``about``: their numbers, in order.

    At least one, where there is one; it may be longer than ``words``.
    """
    wanted = content_words(about)
    shared = [len(wanted & content_words(sentence)) for sentence in sentences]
    chosen: list[int] = []
    room = words
    for number in sorted(range(len(sentences)), key=lambda at: (-shared[at], at)):
        length = len(sentences[number].split())
        if chosen and length > room:
            continue
        chosen.append(number)
        room -= length
        if room <= 0:
            break
    return sorted(chosen)


def share(sentences: Sequence[str], about: str) -> float:
    """Which part of the words of ``about`` stands in the sentences, common words left out."""
    wanted = content_words(about)
    found = wanted & {word for sentence in sentences for word in content_words(sentence)}
    return len(found) / len(wanted) if wanted else 0.0


def content_words(text: str) -> set[str]:
    """The words of a text that say something, as far as their stems."""
    return {word[:_STEM] for word in _words(text)}


def _words(text: str) -> Iterable[str]:
    return (word for word in _WORD.findall(text.lower()) if word not in COMMON)
