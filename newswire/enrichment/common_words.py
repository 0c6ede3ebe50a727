"""English words that say little of what a text is about, in three widths.

Each is what a model or a threshold was fitted with: whoever changes one has to fit that anew.
"""

from __future__ import annotations

COMMON = frozenset(
    "a about after all an and are as at be been but by can could for from had has have he her his "
    "how i if in into is it its just more no not of on or our out over said say says she so some "
    "that the their them then there they this to up was we were what when which who will with "
    "would you".split()
)
"""Those that a question and a passage have in common by chance (:mod:`question`)."""

WEAK = COMMON | frozenset(
    "also although any because before being did do does during each here hers him itself may me "
    "might most my nor off one only other own should such than these those through too under "
    "until very where while whom whose why your".split()
)
"""Those that support nothing in a generated sentence (:mod:`summary.support`), and are no name in
it: "US" is one, so "us" is not among them."""

FUNCTION_WORDS = (WEAK - {"whose"}) | frozenset(
    "again against am among around between both d doing down few further having herself himself "
    "ll m must myself now once ours per re s same shall since t theirs themselves though upon us "
    "ve via within without yet yours".split()
)
"""Those that stand in any text: a summary is not about them. Single letters are what a tokeniser
leaves of "don't" and its like (:mod:`summary.words`)."""
