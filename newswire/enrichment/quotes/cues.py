"""What a cue makes of what is reported: whoever denies that a thing is good doesn't praise it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from newswire.enrichment.quotes.attributions import Attribution
from newswire.enrichment.quotes.decoding import Bounds
from newswire.enrichment.quotes.marks import opens

_SAYS = re.compile(
    r"(?:(?:has|have|had|also|then|later|now|\w+ly)\s+)*"
    r"(?:sa(?:id|ys?|ying)|t(?:old|ells?|elling)|add(?:s|ed|ing)?|wr(?:ites?|ote|itten|iting)|according"
    r"|explain(?:s|ed)?|not(?:es|ed)|stat(?:es|ed)|stress(?:es|ed)?|insist(?:s|ed)?|argu(?:es?|ed|ing)"
    r"|believ(?:es?|ed)|th(?:inks?|ought)|claim(?:s|ed)?|announc(?:es?|ed)|report(?:s|ed)?"
    r"|declar(?:es?|ed)|tweet(?:s|ed)|post(?:s|ed)|warn(?:s|ed)?(?!\s+against)|maintain(?:s|ed)?|cit(?:es?|ed|ing))\b"
    r"(?!.*\b(?:not|never|n['’]t)\b)",
    re.IGNORECASE,
)
"""Of a cue that leaves what is said as it is."""

_DENIES = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|doubt(?:s|ed|ing)?|reject(?:s|ed|ing)?|dismiss(?:es|ed|ing)?"
    r"|refus(?:es?|ed|ing)|disput(?:es?|ed|ing)|rebut(?:s|ted)?|refut(?:es?|ed)|not|never)\b|n['’]t\b",
    re.IGNORECASE,
)
"""In a cue that makes it the opposite."""

_CLAUSE = re.compile(
    r"(?:that|to|(?:the |any |all )?(?:claims?|ideas?|notions?|suggestions?|reports?|allegations?"
    r"|accusations?|arguments?)(?: that)?)\b",
    re.IGNORECASE,
)
"""At the beginning of what somebody could say: "that it is safe", and not "a new plant"."""

REACH = 40
"""Characters between a cue and its content that are shown together."""


@dataclass(frozen=True)
class Statement:
    """What somebody says as a question to the stance model takes it."""

    words: str
    evidence: tuple[Bounds, ...]
    turned: bool = False
    """He says the opposite of :attr:`words`."""


def statement(text: str, said: Attribution, asked: Sequence[Bounds]) -> Statement:
    """The words of an attribution, with source and cue where these say what the content means.

    "Opposes a new plant" is a side and "a new plant" none. A clause that is denied is asked alone
    and turned round: the model takes "rejects the idea that it is dirty" for two reproaches.

    Args:
        text: What the spans refer to.
        said: Who says it, and all that is said.
        asked: The parts of it that are asked about, in order.
    """
    content = " ".join(text[start:end] for start, end in asked)
    cue = " ".join(text[start:end] for start, end in said.cue)
    if any(opens(text, start) for start, _ in said.content) or _SAYS.match(cue):
        return Statement(content, tuple(asked))
    first, begins = asked[0], said.cue[0][0]
    beside = said.cue[-1][1] <= first[0] <= said.cue[-1][1] + REACH
    evidence = ((begins, first[1]), *asked[1:]) if beside else tuple(asked)
    if _DENIES.search(cue) and _CLAUSE.match(text, *first):
        return Statement(content, evidence, turned=True)
    spans = sorted((*said.source, *said.cue, *asked))
    return Statement(" ".join(text[start:end] for start, end in spans), evidence)
