"""The body of a text, up to the agency's sign-off or to where the page speaks of something else.

Offers and boxes of other stories may stand in its midst. Whether the story goes on below one is
decided by what follows; what follows is looked at once for all of them, so that a text of nothing
but offers takes no longer than another.
"""

from __future__ import annotations

from newswire.formats.base.clean import SENTENCE_END
from newswire.formats.lines import aggregator, furniture, wirecopy
from newswire.formats.lines.line import Line
from newswire.formats.pasted.captions import Pictures
from newswire.stories.draft import Draft
from newswire.stories.model import Block

_NEXT_LINES = 2
"""So many sentences right under an offer are the story going on."""
_DENSE_CHARS, _DENSE_LINES = 120, 3
"""So many paragraphs so long, one after the other, are the story again, not a list of others."""


def read_body(draft: Draft, lines: list[Line], start: int) -> bool:
    """Read body and captions from a line on.

    Returns:
        Whether a sign-off or the bottom of a page was found: what ends the body is known then.
    """
    signed = {
        i for i in range(start + 1, len(lines)) if wirecopy.sign_off(lines[i].text) is not None
    }
    last_sign_off = max(signed, default=-1)
    last_dense = _last_dense(lines)
    skipping = False
    pictures = Pictures(draft)
    for index in range(start, len(lines)):
        text = lines[index].text
        if index in signed:
            draft.body.append(Block(text=text))
            if index == last_sign_off:
                return True
        elif draft.body and (aggregator.is_offer(text) or aggregator.is_list_heading(text)):
            resumes = last_dense > index or _goes_on(lines, index + 1, _NEXT_LINES)
            if index > last_sign_off and not resumes:
                return True
            # A box of other stories is skipped up to the next long paragraph; one offer isn't.
            skipping = not _goes_on(lines, index + 1, 1)
        elif (
            aggregator.is_chrome(text)
            or furniture.is_age(text)
            or pictures.take(text)
            or (skipping and len(text) < _DENSE_CHARS)
        ):
            continue
        else:
            skipping = False
            draft.body.append(_block(draft, lines, index))
    return False


def _goes_on(lines: list[Line], start: int, count: int) -> bool:
    """Whether the next lines are sentences, as below an offer in the midst of the body."""
    following = lines[start : start + count]
    return len(following) == count and all(line.is_sentence for line in following)


def _last_dense(lines: list[Line]) -> int:
    """The last index at which paragraphs begin that stand as only a story has them; -1: none."""
    run = 0
    for index in range(len(lines) - 1, -1, -1):
        dense = len(lines[index].text) >= _DENSE_CHARS and lines[index].is_sentence
        run = run + 1 if dense else 0
        if run == _DENSE_LINES:
            return index
    return -1


def _block(draft: Draft, lines: list[Line], index: int) -> Block:
    """A crosshead stands between two sentences; whatever else stands there is a paragraph."""
    text = lines[index].text
    if not wirecopy.is_crosshead(text):
        return Block(text=text)
    following = (lines[i] for i in range(index + 1, len(lines)))
    after = next((line for line in following if not line.is_furniture), None)
    between = (
        bool(draft.body)
        and SENTENCE_END.search(draft.body[-1].text) is not None
        and after is not None
        and (len(after.text.split()) >= 8 or after.is_sentence)
    )
    return Block(kind="crosshead" if between else "paragraph", text=text)


def trim(draft: Draft) -> None:
    """Take off what a page leaves at the end of a body: short lines that are no sentences."""
    while len(draft.body) > 1:
        last = draft.body[-1].text
        if (
            SENTENCE_END.search(last)
            or len(last.split()) > 12
            or wirecopy.sign_off(last) is not None
        ):
            return
        draft.body.pop()
