"""The conventions of wire copy in what an XML wire marks up: dateline, sign-off, the desk's lines.

The copy stays as the agency marks it up: a dateline at its beginning and a sign-off at its end are
read into their fields, and stay. What the desk says to other desks goes, and holds the story back
where it is an embargo.
"""

from __future__ import annotations

from functools import lru_cache

from newswire.formats.desk import ednotes, embargo, signals
from newswire.formats.fields import iptc
from newswire.formats.lines import furniture, wirecopy
from newswire.formats.lines.line import Line
from newswire.formats.xml import inline
from newswire.formats.xml.inline import Inline
from newswire.stories.draft import Draft
from newswire.stories.model import Contributor, ItemType, PubStatus

_RELEASED = ("release", "publi", "broadcast", "circulat", "distribut", " use")
_SIGNS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys("embargo embargoed hold sperrfrist adv advance".split(), ("",)),
    **dict.fromkeys("eds editor editors note notes notizblock attn attention".split(), ("",)),
    **dict.fromkeys("editor's editor’s editors' editors’ eds' eds’".split(), ("",)),
    **dict.fromkeys("redaktionelle hinweis hinweise notebook dpa-notizblock".split(), ("",)),
    **dict.fromkeys("all strict strictly under sous".split(), ("embargo",)),
    **dict.fromkeys("press news media".split(), ("embargo", "hold", "not ", "eds", "editor")),
    **dict.fromkeys("picture pictures sport sports city".split(), ("eds", "editor", "notebook")),
    **dict.fromkeys("the this".split(), ("embargo", "not for publi", "not intended for publi")),
    "a": ("a note",),
    "ap": ("adv",),
    "dpa": ("notizblock", "notebook"),
    "for": (*_RELEASED, "adv"),
    "not": _RELEASED,
    "release": ("time", "date"),
}
"""How each embargo and each note that :mod:`newswire.formats.desk` knows begins, and what is said
in it. A text without such a line, as most are, need not be looked at with the care that takes
time."""
_MARKED = ("notebook",)
"""Of a text with marks before its first word, which has to be looked for behind them."""
_PUNCTUATION = ' *#=_-–—[]()<>|•·.!:;,"“”'
_LOOKED_AT = 400
_LONGEST_WORD = 40
_SIGN_OFF_LINES = 3
_LONGEST_INITIALS = 50


def take(draft: Draft, found: Inline) -> None:
    """Put what an inline document says into a draft; what the metadata state counts more."""
    draft.headline = draft.headline or found.headline or found.title or None
    draft.byline = draft.byline or found.byline or None
    draft.dateline = draft.dateline or found.dateline or None
    draft.credit = draft.credit or found.credit or None
    iptc.keep(draft, "subheadlines", inline.headings(found, draft.headline))
    iptc.keep(draft, "abstract", [found.abstract])
    iptc.keep(draft, "loose_text", found.loose)
    iptc.set_ednote(draft, found.notes)
    draft.body = found.blocks
    draft.captions += found.captions


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
    texts = [draft.headline or "", *(block.text for block in draft.body)]
    if not any(map(_may_speak, texts)):
        return
    lines = [Line(block.text, apart=True) for block in draft.body]
    noted = any(ednotes.note(line.text) is not None for line in lines)
    under = embargo.read_embargo(draft.headline or "")
    if not noted and under is None and not signals.sift(lines).embargoes:
        return  # contacts alone, as in a press release, are meant for readers
    last = draft.body[-1]
    stated = draft.embargoed_until
    signals.apply(draft)
    if stated is not None:
        draft.embargoed_until = stated
    if ednotes.end_mark(last.text) and draft.body[-1:] != [last]:
        draft.body.append(last)


def _may_speak(text: str) -> bool:
    # A slice: partition would copy the whole paragraph, and no word that is known is as long.
    signs = _signs(text[:_LONGEST_WORD].partition(" ")[0])
    if not signs:
        return False
    if signs is _MARKED:
        bare = text.strip(_PUNCTUATION)
        signs = (*_SIGNS.get(_word(bare.partition(" ")[0]), ()), *_MARKED)
    beginning = text[:_LOOKED_AT].lower()
    return any(sign in beginning for sign in signs)


@lru_cache(maxsize=4096)
def _signs(first: str) -> tuple[str, ...]:
    """The signs of a text by how it begins, up to its first space; the same words begin most."""
    word = _word(first)
    signs = _SIGNS.get(word)
    if signs is not None:
        return signs
    return () if word and first[0] not in _PUNCTUATION else _MARKED


def _word(written: str) -> str:
    return written.strip(_PUNCTUATION).lower()


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
    if draft.dateline is None or draft.dateline[0].isdigit():
        draft.dateline = dateline  # what stood there was a moment for machines
    draft.located = draft.located or place
    draft.provider = draft.provider or agency


def _sign_off(draft: Draft) -> None:
    found: list[Contributor] = []
    for block in reversed(draft.body[1:][-_SIGN_OFF_LINES:]):
        text = block.text
        # Initials are short, and every other sign-off has one of the words.
        may_be = len(text) < _LONGEST_INITIALS or " by" in text or "contributed" in text
        contributors = wirecopy.sign_off(text) if may_be else None
        if contributors is None:
            break
        found = contributors + found
    draft.contributors = list(dict.fromkeys([*found, *draft.contributors]))
