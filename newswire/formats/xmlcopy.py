"""The conventions of wire copy in what an XML wire marks up: dateline, sign-off, the desk's lines.

The copy stays as the agency marks it up: a dateline at its beginning and a sign-off at its end are
read into their fields, and stay. What the desk says to other desks goes, and holds the story back
where it is an embargo.
"""

from __future__ import annotations

from newswire.formats import desk, ednotes, embargo, furniture, iptc, wirecopy
from newswire.formats.textlines import Line
from newswire.stories.draft import Draft
from newswire.stories.model import Contributor, ItemType, PubStatus

_SIGNS = (
    "embargo",
    "sperrfrist",
    "for publication",
    "for release",
    "not for ",
    "not to be ",
    "hold for",
    "hold until",
    "eds:",
    "editors:",
    "to editors",
    "for editors",
    "editors note",
    "editors' note",
    "editors’ note",
    "editor's note",
    "editor’s note",
    "notebook",
    "notizblock",
    "redaktionelle hinweise",
    "die redaktionen",
    "\nfor use",
    "\nfor broadcast",
    "\nrelease ",
    "\nadv",
    "\nap adv",
    "\nfor adv",
)
"""One of these is in each embargo and each note that :mod:`desk` knows: a text without them, as
most are, need not be looked at line by line."""
_SIGN_OFF_LINES = 3


def finish(draft: Draft) -> None:
    """Read the conventions of wire copy in a draft's body.

    Raises:
        NoArticle: nothing but notes to editors is in it.
    """
    if draft.body:
        _desk(draft)
        _top(draft)
        _sign_off(draft)
    if draft.type is ItemType.TEXT and draft.pub_status is PubStatus.USABLE:
        iptc.fill_headline(draft)


def _desk(draft: Draft) -> None:
    copy = "\n".join(["", draft.headline or "", *(block.text for block in draft.body)]).lower()
    if not any(sign in copy for sign in _SIGNS):
        return
    lines = [Line(block.text, apart=True) for block in draft.body]
    noted = any(ednotes.note(line.text) is not None for line in lines)
    under = embargo.read_embargo(draft.headline or "")
    if not noted and under is None and not desk.sift(lines).embargoes:
        return  # contacts alone, as in a press release, are meant for readers
    last = draft.body[-1]
    stated = draft.embargoed_until
    desk.apply(draft)
    if stated is not None:
        draft.embargoed_until = stated
    if ednotes.end_mark(last.text) and draft.body[-1:] != [last]:
        draft.body.append(last)


def _top(draft: Draft) -> None:
    """Byline and dateline, where the copy has them and the metadata may not."""
    first = draft.body[0].text
    if furniture.is_byline(first):
        draft.byline = draft.byline or first
        first = draft.body[1].text if len(draft.body) > 1 else ""
    found = wirecopy.split_dateline(first)
    if found is None:
        return
    dateline, place, agency, _ = found
    draft.dateline = draft.dateline or dateline
    draft.located = draft.located or place
    draft.provider = draft.provider or agency


def _sign_off(draft: Draft) -> None:
    found: list[Contributor] = []
    for block in reversed(draft.body[1:][-_SIGN_OFF_LINES:]):
        contributors = wirecopy.sign_off(block.text)
        if contributors is None:
            break
        found = contributors + found
    draft.contributors = list(dict.fromkeys([*found, *draft.contributors]))
