"""Which sentences of a story can stand in a summary, and which only beside a neighbour.

What a careful editor would strike, by form alone: captions, credits, bylines and link texts never
stand in a summary; "he said" without him, half a quotation or words of an unnamed "I" only right
beside the sentence that they hang on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

FEWEST_WORDS = 4
"""Of a sentence that can stand in a summary."""

LOWER_CASE = 0.3
"""Share of its words: fixtures, results and keys of tables are names and numbers."""

_WORD = re.compile(r"\w+")

_ENDS = re.compile(r"[.!?…][\"'”’»)\]]*$")


def _any(*patterns: str) -> str:
    return f"(?:{'|'.join(patterns)})"


_SIDE = "left|right|centre|center|top|bottom|above|below|inset"

# How agencies and sites begin what is no copy.
_FURNITURE = re.compile(
    r"[(\[*—–-]?\s*"
    + _any(
        r"(?:additional |further |with )?(?:reporting|writing|editing|compiled|graphics?) by\b",
        r"(?:file|stock|handout|ap|afp|reuters|getty)? ?(?:photo|picture|image|video|caption)s?"
        r"(?: (?:by|from|courtesy|credit)\b| ?:|/)",
        rf"(?:file|watch|pictured|clockwise|main picture|{_SIDE})\s?[:—–,-]",
        rf"pictured (?:are|is|with|at|in|on|here|{_SIDE})\b",
        r"in this (?:[\w.,]+ ){0,6}?(?:photo|picture|image|photograph)\b",
        r"(?:scroll down|click|tap|swipe|sign up|subscribe|follow us|read the full|to read)\b"
        r" (?:for|here|to|on|the|our|more)\b",
        r"(?:read more|see also|also read|related|more on this|editor['’]?s['’]? note|recommended"
        r"|note to editors|published|updated|last updated|correction|clarification)\s?:",
        r"for (?:more|full|further) .{0,60}\b(?:click|visit|see|go to|coverage)\b",
        r"follow [\w.'’@ -]{2,60} on (?:twitter|facebook|x|instagram)\b",
        r"(?:copyright|©|\(c\)|all rights reserved)",
        r"this (?:material|story|article|report|content) (?:may not be"
        r"|(?:was|has been|is) (?:first |originally )?(?:published|corrected|updated|refiled))\b",
        r"the following .{0,60}\b(?:is|are) available\b",
        r"our standards:",
        r"the associated press receives\b",
        r"https?://|www\.",
    ),
    re.IGNORECASE,
)

# Two to six names. Each is taken whole and something stands between two: a word of capitals could
# else be split into names in so many ways that trying them never ends.
_BYLINE = re.compile(
    r"(?:By|BY) [A-Z][\w.'’-]++(?:(?: and)?+[ ,]++[A-Z][\w.'’-]++){1,5}(?: and)?+[ ,]*+\.?$"
)

# Where a picture is spoken of: whatever stands around it, it stood below the picture.
_CAPTION = re.compile(
    _any(
        rf"\((?:far |second |third )?(?:{_SIDE}|pictured|circled|l-r|l to r|from left)"
        r"(?:[ ,][^()]{0,40})?\)",
        r"\b(?:is|are|was|were) (?:pictured|seen here|shown here)\b",
        r"\bfile (?:photo|picture|image)\b",
        r"\b(?:ap|afp|reuters|getty) ?(?:photo|images|/)",
        r"\bphoto(?:graph)?(?: credit)?: ",
    ),
    re.IGNORECASE,
)

_CONTRIBUTED = re.compile(
    r"\b(?:contributed (?:to|reporting)|reported from|helped report)\b.{0,60}$", re.IGNORECASE
)

_SAID = _any(
    "said|says|told|added|adds|wrote|writes|tweeted|explained|insisted|continued|admitted",
    "recalled|argued|warned|claimed|noted|stated|replied|asked|joked|remarked|concluded",
)

# A beginning that means nothing without the sentence before; "this week" and "those who" do.
_POINTS_BACK = re.compile(
    r"(?:(?:but|and|so|or|yet|nor|also|still|then|meanwhile|however|instead|now),? )?"
    + _any(
        r"(?:he|she|they|him|them|his|her|their|its|hers|theirs)\b"
        r"(?! (?:majesty|royal|holiness|excellency))",
        r"it\b(?!(?:['’]s| is| was| will be| would be| remain\w*| bec\w+| seem\w*| appear\w*| took"
        r"| takes| c[ao]me\w*)\b[^.]{0,120}?\b(?:that|to|whether|how|why|who|when|after|as|if)\b)",
        r"(?:this|that|these|those)\b(?! (?:week|month|year|morning|afternoon|evening|summer|autumn"
        r"|winter|spring|season|weekend|century|decade|time|who|whose|with|in|of)\b)",
        r"(?:such|the (?:former|latter|two|pair|duo|trio|couple))\b",
    ),
    re.IGNORECASE,
)

# What goes on from the sentence before, or against it.
_GOES_ON = re.compile(
    _any(
        "but|and|so|or|nor|yet|thus|therefore|hence|instead|nevertheless|nonetheless|moreover",
        "furthermore|likewise|similarly|consequently|otherwise|for example|for instance",
        "as a result|in addition|in contrast|on the other hand|even so|because of this|that is why",
    )
    + r"\b",
    re.IGNORECASE,
)

# "Speaking in Port Alder on Monday, she …": who that is, is said before, whatever is named here.
_PLACE_FIRST = re.compile(
    _any(
        "in|on|at|from|during|earlier|later|last|speaking|asked|writing|appearing|addressing",
    )
    + r"\b[^,\"“”]{0,90}, (?:he|she|they)\b",
    re.IGNORECASE,
)

# "After the storm hit, she …": who that is may be said here.
_CLAUSE_FIRST = re.compile(
    _any(
        "before|after|when|while|since|until|despite|with|without|under|for|by|as|once|although",
        "though|because|if",
    )
    + r"\b([^,\"“”]{0,90}), (?:he|she|they)\b",
    re.IGNORECASE,
)

# "Police found her car": several are no "her", so who she is was said before.
_OTHERS_FIRST = re.compile(
    _any(
        "police|officers|officials|authorities|investigators|detectives|prosecutors|lawyers|judges",
        "doctors|paramedics|firefighters|rescuers|witnesses|neighbou?rs|relatives|friends|fans",
        "colleagues|critics|supporters|opponents|reporters|journalists|experts|parents",
    )
    + r"\b([^\"“”]*?)\b(?:he|she|him|his|her)\b",
    re.IGNORECASE,
)

# Somebody who may be that "he": "a man", "the mayor", and not "in the town".
_SOMEBODY = re.compile(
    r"(?<!\bin )(?<!\bat )(?<!\bof )(?<!\bon )(?<!\bfrom )(?<!\bnear )"
    r"\b(?:an?|the|one|every|each|another) ",
    re.IGNORECASE,
)

# "An official showed her a video", "Ann Lee told him": whoever does it to her is another. "Ann Lee
# took her fifth title" may be her own.
_DONE_TO = re.compile(
    r"(?:(?!\b(?:that|who|which|whose|where|when|while|as|after|before|because|if|but|and"
    r"|of|for|to|with|by|about)\b)[^,;:'’\"“”])*?"
    r"\b(?:told|asked|showed|gave|offered|sent|handed|took|brought|led|beat|shot|called|invited"
    r"|accused|charged|arrested|ordered|urged|found|helped) "
    r"(?:him|her(?=[.,;:!?]|$| (?:an?|the|that|how|what|why|if|whether|to|in|on|at|for|from|with|by"
    r"|of|about|after|before|as|and|or|during)\b))",
    re.IGNORECASE,
)

_PRONOUN_SAID = re.compile(
    rf"\b(?:he|she|they|it)\s+(?:\w+ly\s+|has\s+|had\s+|also\s+)?{_SAID}\b"
    rf"|\b{_SAID}\s+(?:he|she|they)(?=\s*(?:[.,;]|$))",
    re.IGNORECASE,
)

# "The ban applies to Norland too, he added.": whoever is named in front is spoken of.
_SAID_LAST = re.compile(
    rf",\s+(?:he|she|they)\s+(?:\w+ly\s+|also\s+)?{_SAID}"
    r"(?:\s+(?:on|in|at|last|this|later|earlier|today|yesterday)\b[^,]{0,40})?[.!?]*\s*$",
    re.IGNORECASE,
)

_FIRST_PERSON = re.compile(r"\b(?:I(?:['’](?:m|ve|d|ll))?|[Ww]e|[Mm]y|[Oo]ur|me|us|myself)\b(?!\.)")

# An upper-case word that doesn't begin the sentence: somebody or something is named.
_NAME = re.compile(r"(?<=\w )(?!(?:I|I'm|I’m)\b)[A-Z][\w'’-]+|^[A-Z][\w'’-]+(?= [A-Z])")

_OPENS = re.compile(r"[“«]|(?<![\w.,!?…])\"(?=\S)|(?<![\w.,!?…\"“])['‘](?=[A-Z])")
_CLOSES = re.compile(r"[”»]|(?<=[\w.,!?…)'’])\"|(?<=[.,!?…])['’](?!\w)")


def is_prose(sentence: str) -> bool:
    """Whether it is copy: a whole sentence that is no caption, credit, byline or link."""
    words = sentence.split()
    return (
        len(_WORD.findall(sentence)) >= FEWEST_WORDS
        and sum(word[0].islower() for word in words) >= LOWER_CASE * len(words)
        and bool(_ENDS.search(sentence))
        and not _FURNITURE.match(sentence)
        and not _BYLINE.match(sentence)
        and not _CAPTION.search(sentence)
        and not _CONTRIBUTED.search(sentence)
    )


def hangs_before(sentence: str) -> bool:
    """Whether it means nothing without the sentence before."""
    quotes = _Quotes(sentence)
    if quotes.closes_another or not _WORD.search(quotes.outside):
        return True  # the words of somebody, and not whose
    said = quotes.outside.lstrip(" ,")
    if not _OPENS.match(sentence) and (_POINTS_BACK.match(said) or _GOES_ON.match(said)):
        return True
    clause = _CLAUSE_FIRST.match(said)
    if _PLACE_FIRST.match(said) or (clause and not _NAME.search(clause.group(1))):
        return True
    others = _OTHERS_FIRST.match(said)
    if others and not (_NAME.search(said, 0, others.end(1)) or _SOMEBODY.search(others.group(1))):
        return True
    if _DONE_TO.match(said):
        return True
    found = _PRONOUN_SAID.search(said)
    if (found and not _NAME.search(said, 0, found.start())) or _SAID_LAST.search(said):
        return True
    return bool(_FIRST_PERSON.search(said))


def hangs_after(sentence: str) -> bool:
    """Whether a quotation begins in it that goes on in the next."""
    return _Quotes(sentence).stays_open


def units(sentences: Sequence[str], most: int) -> list[list[int]]:
    """What can be taken of a story: single sentences, or some that stand only together.

    Args:
        sentences: Of one story, in its order.
        most: Sentences of a unit.

    Returns:
        Numbers of sentences. Where nothing stands by these rules: each sentence of prose by itself;
        where there is none either, each sentence.
    """
    prose = [is_prose(sentence) for sentence in sentences]
    before = [hangs_before(sentence) for sentence in sentences]
    after = [hangs_after(sentence) for sentence in sentences]
    out = []
    for at in range(len(sentences)):
        first, end = at, at + 1
        while first >= 0 and end <= len(sentences) and end - first <= most:
            if before[first]:
                first -= 1
            elif after[end - 1]:
                end += 1
            else:
                unit = list(range(first, end))
                if all(prose[number] for number in unit):
                    out.append(unit)
                break
    alone = [[at] for at in range(len(sentences))]
    return out or [unit for unit in alone if prose[unit[0]]] or alone


class _Quotes:
    """The quotation marks of a sentence, as pairs."""

    def __init__(self, sentence: str) -> None:
        marks = sorted(
            [(found.start(), found.end(), 1) for found in _OPENS.finditer(sentence)]
            + [(found.start(), found.end(), -1) for found in _CLOSES.finditer(sentence)]
        )
        outside = []
        depth = end = 0
        self.closes_another = False
        for start, stop, change in marks:
            if depth == 0 and change == 1:
                outside.append(sentence[end:start])
            self.closes_another |= depth + change < 0
            depth = max(0, depth + change)
            end = stop
        if depth == 0:
            outside.append(sentence[end:])
        self.stays_open = depth > 0
        self.outside = " ".join(outside)
        """What stands outside of them."""
