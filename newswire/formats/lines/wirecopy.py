"""The conventions of wire copy: datelines, sign-offs, crossheads, captions and their credits.

They hold in every format that carries running text. Each function looks at one line or block and
either recognises it or leaves it alone. Sources: Reuters Handbook of Journalism (datelines,
sign-offs), AP Stylebook (datelines), and the copy itself.
"""

from __future__ import annotations

import re
from typing import cast

from newswire.formats.base.clean import one_line
from newswire.stories.draft import Draft
from newswire.stories.model import Block, Caption, Contributor, Role

# --- datelines ---------------------------------------------------------------------------------

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|"
    r"Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_DAY = rf"(?:{_MONTH} \d{{1,2}}(?:, \d{{4}})?|\d{{1,2}} {_MONTH}(?:,? \d{{4}})?)"
_WORD = r"[A-ZÀ-ÖØ-Þ][\w.'’-]*"
_LINK = r"(?:de|del|della|di|da|do|la|le|el|al|am|an|der|den|of|the|upon|sur|and|y|i)"
# LONDON | Buenos Aires, Argentina | LONDON/PARIS | WASHINGTON, D.C. | ON BOARD THE USS X
_PLACE = rf"{_WORD}(?:(?: |, ?| ?/ ?){_WORD}| {_LINK}(?= {_WORD}))*"
_DASH = r"(?:--|[-–—―_])"
_AGENCY = r"[A-Za-z][\w.&'’/ -]{1,30}"
_KNOWN_AGENCY = re.compile(
    r"(?:AAP|AFP|ANI|ANP|ANSA|AP|APA|ATS|Belga|Bloomberg|BNS|BTA|CNN|CP|CTK|DPA|EFE|Europa Press|"
    r"IANS|Interfax|Kyodo|Lusa|MTI|NTB|PA|PAP|PTI|Reuters|RIA|Ritzau|STT|TASS|TT|UPI|Xinhua|"
    r"Associated Press|The Associated Press|Agence France-Presse|Thomson Reuters Foundation)"
    r"(?:[/ -][\w/ -]+)?",
    re.IGNORECASE,
)
_WITH_AGENCY = re.compile(
    rf"(?P<place>{_PLACE})?(?P<date>,? ?{_DAY})?,? ?\((?P<agency>{_AGENCY})\) ?{_DASH} ?"
)
_WITH_SLASHES = re.compile(
    rf"(?P<place>{_PLACE})(?P<date>,? ?{_DAY})?,? ?/(?P<agency>[A-Z][\w. -]{{1,30}})/ ?{_DASH} ?"
)
_WITH_DATE = re.compile(rf"(?P<place>{_PLACE})(?P<date>, ?{_DAY}) ?{_DASH} ?")
_CAPITALS = r"[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ.'’-]+"
_PLACE_ALONE = re.compile(
    rf"(?P<place>{_CAPITALS}(?:[ /]{_CAPITALS}){{0,3}}(?:, {_WORD}(?: {_WORD})?)?) (?:--|[–—-]) "
)
_ANY_DASH = re.compile("[-–—―_]")
"""Each of them ends with one, and most paragraphs have none so early."""
_LABELS = frozenset(
    "ANALYSIS BREAKING CORRECTED CORRECTION EXCLUSIVE EXPLAINER FACTBOX FEATURE FLASH INSIGHT "
    "INTERVIEW LIVE NATO NEWSMAKER OPINION PHOTOS POLL PROFILE REFILE SPECIAL TIMELINE UPDATE "
    "URGENT VIDEO WATCH WRAPUP".split()
)
_SENTENCE_START = re.compile(r"[A-ZÀ-ÖØ-Þ\"“„‘'«\d]|$")
_LONGEST_DATELINE = 120


def split_dateline(text: str) -> tuple[str, str | None, str | None, str] | None:
    """Take the dateline off a paragraph.

    Returns:
        The dateline verbatim with its dash, the place in it, the agency in it, and the rest of
        the paragraph; ``None``: there is no dateline.
    """
    head = text[:_LONGEST_DATELINE]
    if not _ANY_DASH.search(head):
        return None
    for pattern in (_WITH_AGENCY, _WITH_SLASHES, _WITH_DATE, _PLACE_ALONE):
        found = pattern.match(head)
        if found is None:
            continue
        parts = found.groupdict()
        place = (parts.get("place") or "").strip(" ,") or None
        if place and place.split()[0].rstrip(":") in _LABELS:
            return None
        rest = text[found.end() :].strip()
        agency = parts.get("agency")
        if agency is None or not _KNOWN_AGENCY.fullmatch(agency):
            # "Doctors Without Borders (MSF) - which" is no dateline; "KYIV (ACME) - The" is.
            in_capitals = place is not None and place.split(",")[0].isupper()
            if not (in_capitals or parts.get("date")) or not _SENTENCE_START.match(rest):
                return None
        return found[0].strip(), place, agency, rest
    return None


# --- sign-offs ---------------------------------------------------------------------------------

_ROLES: tuple[tuple[Role, str], ...] = (
    ("writing", r"(?:written|writing|compiled|rewritten) by"),
    ("reporting", r"(?:report(?:ing|ed)) (?:and writing )?by|report(?:ing|ed) from \S+ by"),
    ("editing", r"edit(?:ing|ed) by"),
    (
        "other",
        r"(?:photograph(?:y|s)|photos?|graphics?|illustrations?|translat(?:ion|ed)|production|"
        r"produced|research|data|filming|video) by",
    ),
)
_PREFIX = r"(?:(?:additional|further|extra|video|data) )?"
_ROLE = re.compile(
    _PREFIX + "(?:" + "|".join(f"(?P<{role}>{pattern})" for role, pattern in _ROLES) + ")",
    re.IGNORECASE,
)
_BETWEEN_ROLES = re.compile(
    r"(?:\s*[;,.]\s*(?:and )?|\s+(?:and )?)"
    rf"(?={_PREFIX}(?:{'|'.join(pattern for _, pattern in _ROLES)}))",
    re.IGNORECASE,
)
_IN_PLACE = re.compile(r"\s+(?:in|at|from|for|on) (?:the )?[A-ZÀ-ÖØ-Þ].*$")
_BETWEEN_NAMES = re.compile(r"\s*(?:,|;|&|\band\b)\s*")
_CONTRIBUTED = re.compile(
    r"(?P<names>.{3,200}?) (?:also )?(?:contributed|contributed reporting)"
    r"(?: to (?:this|the) (?:report|story|article))?(?: from .{2,60})?[.)]*$"
)
_WRITERS = re.compile(
    r"^\(?(?:(?:the )?(?:Associated Press|AP)(?: \w+){0,3} (?:writers?|reporters?|journalists?)|"
    r"(?:staff )?(?:writers?|reporters?))\s+",
    re.IGNORECASE,
)
_INITIALS = re.compile(r"[a-z]{2,5}(?:-[a-z]{2,5})?(?:/[a-z]{2,5}(?:-[a-z]{2,5})?){1,4}")
_LONGEST_SIGN_OFF = 600


def sign_off(text: str) -> list[Contributor] | None:
    """Who reported, wrote and edited, where a block is nothing but such credits.

    Returns:
        The contributors in order; empty for desk initials (``burs-ab/cd``), which name nobody;
        ``None``: the block is no sign-off.
    """
    line = one_line(text)
    if len(line) > _LONGEST_SIGN_OFF:
        return None
    if _INITIALS.fullmatch(line):
        return []
    inner = line.strip("()[] ").rstrip(".")
    if _ROLE.match(inner):
        found = [item for part in _BETWEEN_ROLES.split(inner) if part for item in _credits(part)]
        return found or None
    contributed = _CONTRIBUTED.fullmatch(line.strip("()")) if "contributed" in line else None
    if contributed:
        names = _WRITERS.sub("", contributed["names"])
        if len(names.split()) <= 30 and not re.search(r"[“\"]|\b(?:he|she|it|they)\b", names):
            return [Contributor(role="reporting", name=name) for name in _names(names)] or None
    return None


def _credits(part: str) -> list[Contributor]:
    role = _ROLE.match(part)
    if role is None:
        return []
    kind = cast(Role, role.lastgroup)
    return [Contributor(role=kind, name=name) for name in _names(part[role.end() :])]


def _names(text: str) -> list[str]:
    found = []
    for part in _BETWEEN_NAMES.split(text):
        name = _IN_PLACE.sub("", part).strip(" .:()")
        # "in Kyiv, Jane Doe" leaves no name before the comma; a place after "in" isn't one.
        if re.match(r"[A-ZÀ-ÖØ-Þ]", name) and len(name.split()) <= 6:
            found.append(name)
    return found


# --- crossheads --------------------------------------------------------------------------------

_QUESTION = re.compile(
    r"(?:what|why|how|who|when|where|which|is|are|will|can|could|does|do)\b", re.IGNORECASE
)


_QUOTED = re.compile(r"[‘']([A-ZÀ-ÖØ-Þ][^‘’']*(?:['’]\w[^‘’']*)*)[’']")
"""A crosshead may be quoted, in single quotes; a paragraph of speech has double ones or a stop."""
_OPEN_ENDS = '.,;:…"”»)]-–—'


def is_crosshead(text: str) -> bool:
    """Whether a line that stands alone between two paragraphs is a crosshead.

    A sentence is none, capitals or not: it ends as a sentence or is quoted.
    """
    quoted = _QUOTED.fullmatch(text)
    if quoted:
        return len(text.split()) <= 8 and quoted[1][-1] not in _OPEN_ENDS + "!?"
    words = text.split()
    if not 1 <= len(words) <= 10 or len(text) > 80:
        return False
    if text[0] in "\"“„«'‘([-•*–—/" or text[-1] in _OPEN_ENDS:
        return False
    if not any(letter.isalpha() for letter in text):
        return False
    if text[-1] == "?":
        return len(words) <= 8 and _QUESTION.match(text) is not None
    if text[-1] == "!":
        return False
    return text == text.upper() or text[0].isupper() or text[0].isdigit()


# --- captions ----------------------------------------------------------------------------------

_PICTURE = re.compile(
    r"(?:FILE(?: PHOTO)?|File photo|PHOTO|Photo|Pictured?|Image|Image caption|Media caption|"
    r"Caption)(?::|,| -| –| —) ?\S"
)
_LABEL = re.compile(r"^(?:Image caption|Media caption|Caption)[:,] ?")
"""What a page prints before a caption; "FILE PHOTO:" is the agency's own, and stays."""
_AGENCIES = (
    r"(?:REUTERS|Reuters|AFP|AP|EPA|EFE|ANSA|TASS|Sputnik|Xinhua|Kyodo|dpa|PA(?: Wire| Media)?|"
    r"Getty(?: Images)?|Shutterstock|Alamy|Bloomberg|Anadolu|Rex|AAP|NTB|TT|Ritzau|Belga)"
)
_PERSON = r"[A-ZÀ-ÖØ-Þ][\w.'’-]*(?: [A-ZÀ-ÖØ-Þ][\w.'’-]*){0,3}"
_CREDIT_FORMS = (
    # (AP Photo/Jane Doe, File)   (Photo by Jane Doe / AFP)   [Getty Images]
    r"[(\[](?:AP Photo|Photo(?:graph)?|Image|Picture|Credit|©)[^()\[\]]{0,100}[)\]]",
    rf"[(\[][^()\[\]]{{0,80}}\b{_AGENCIES}(?:/[^()\[\]]{{0,40}})?[)\]]",
    # Photograph: Jane Doe/AFP/Getty Images   Photo: X   Credit: X   Image source, X
    r"(?:Photograph|Photo|Picture|Image|Credit|Image source|Handout)(?: by|:|,) [^.]{2,100}",
    # Sputnik/Bo Lind/Pool via REUTERS   REUTERS/Jane Doe/File Photo   Jane Doe/AFP
    rf"(?:{_PERSON} ?/ ?)*(?:{_PERSON} )?via {_AGENCIES}(?:/{_PERSON})*",
    rf"{_AGENCIES}(?: ?/ ?{_PERSON})+",
    rf"(?:{_PERSON} ?/ ?)+{_AGENCIES}(?: ?/ ?{_PERSON})*",
    rf"(?:{_PERSON} ?/ ?)+(?:Handout|Pool|File(?: Photo)?|Archive)(?: via {_PERSON})?",
    rf"(?:{_PERSON} ?/ ?)+{_PERSON} via {_PERSON}",
    r"© ?[^.]{2,80}",
)
_CREDIT = "(?:" + "|".join(_CREDIT_FORMS) + ")"
_CAPTION_AND_CREDIT = re.compile(
    rf"(?P<text>.*?[.!?…”\"’)]|.*?\w(?= [(\[©])|.*?\w(?= Photograph: ))\s+(?P<credit>{_CREDIT})\.?"
)
_CREDIT_SIGN = re.compile(r"[(\[/©]|Photo|Image|Picture|Credit|Handout|via ")
"""What every credit of these forms has in it: most lines have none of it."""
_CREDIT_ALONE = re.compile(rf"(?P<credit>{_CREDIT}|Getty Images)\.?")
_LONGEST_CAPTION = 1000
_LONGEST_CREDIT = 240
"""Characters at the end of a line in which a credit is looked for, with what it stands after: the
time grows with their square."""


def caption(text: str) -> Caption | None:
    """The caption in a line that stands with a picture, its credit apart.

    A line is one when it begins as one ("FILE PHOTO:") or ends in the credit of a picture.
    """
    line = one_line(text)
    if len(line) > _LONGEST_CAPTION:
        return None
    before, end = line[:-_LONGEST_CREDIT], line[-_LONGEST_CREDIT:]
    both = _CAPTION_AND_CREDIT.fullmatch(end) if _CREDIT_SIGN.search(end) else None
    if both:
        return Caption(text=before + both["text"], credit=clean_credit(both["credit"]))
    if _PICTURE.match(line):
        return Caption(text=_LABEL.sub("", line) or line)
    return None


def lone_credit(text: str) -> str | None:
    """The credit of a picture, where a line is nothing else."""
    line = one_line(text)
    alone = _CREDIT_ALONE.fullmatch(line) if len(line) <= 120 else None
    return clean_credit(alone["credit"]) if alone else None


def clean_credit(credit: str) -> str:
    """The credit without the brackets and the word that introduce it."""
    bare = one_line(credit).strip("()[] ")
    bare = re.sub(
        r"^(?:Photograph|Photo|Picture|Image source|Image|Credit)s?(?: by|:|,) ?|^© ?", "", bare
    )
    return bare or one_line(credit)


# --- a whole body ------------------------------------------------------------------------------


def apply(draft: Draft, *, keep: bool = False) -> None:
    """Move dateline and sign-offs out of a draft's body into the fields that they belong to.

    Args:
        draft: its fields are filled, its body is changed.
        keep: they stay in the body too, as the wires themselves send it.
    """
    body = list(draft.body)
    if body:
        _apply_dateline(draft)
    _apply_sign_offs(draft)
    if keep:
        draft.body = body


def _apply_dateline(draft: Draft) -> None:
    first = draft.body[0]
    found = split_dateline(first.text) if first.kind == "paragraph" else None
    if found is None:
        return
    dateline, place, agency, rest = found
    draft.dateline = draft.dateline or dateline
    draft.located = draft.located or place
    draft.provider = draft.provider or agency
    draft.body[:1] = [Block(kind="paragraph", text=rest)] if rest else []


def _apply_sign_offs(draft: Draft) -> None:
    signed: list[str] = []
    found: list[list[Contributor]] = []
    # Sign-offs end a story; a rule of underscores may stand before them (AP).
    while len(draft.body) > 1:
        last = draft.body[-1].text
        if re.fullmatch(r"[_*#\s–—-]{2,}", last):
            draft.body.pop()
            continue
        contributors = sign_off(last)
        if contributors is None:
            break
        draft.body.pop()
        signed.append(last)
        found.append(contributors)
    if signed:
        in_order = (one for contributors in reversed(found) for one in contributors)
        draft.contributors = list(dict.fromkeys([*in_order, *draft.contributors]))
        draft.extra["sign_off"] = "\n".join(reversed(signed))
