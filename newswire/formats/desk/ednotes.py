"""What editors write to editors in the text itself: notes, contacts, the mark of a story's end.

A note of one line may be meant for readers as well; one with a telephone number or an address is
not, nor is a block of notes or contacts.
"""

from __future__ import annotations

import re

_LONGEST = 1000
_NOTE = re.compile(
    r"[\W_]*(?:attn:? |attention:? )?(?:news |picture |sports? )?(?:eds|editors)\W*:\W*(?P<said>.*)"
    r"|[\W_]*editor[’']?s[’']? note\W*[:–—-]\W*(?P<own>.*)"
    r"|[\W_]*(?:a )?(?:notes? (?:to|for) (?:the )?(?:news |picture |city )?(?:eds|editors?)|"
    r"(?:eds|editors)[’']? notes?|not for publication note|(?:dpa[- ])?notizblock|"
    r"redaktionelle hinweise|hinweise? (?:an|für) die redaktionen?)\b\W*(?P<block>.*)",
    re.IGNORECASE | re.DOTALL,
)
_NOTEBOOK = re.compile(
    r"[*#=_–—-]+ ?(?:[\w’']+ )?notebook\b.*"
    r"|[\W_]*the following (?:\w+ ){0,2}(?:is|are) not (?:intended )?for publication\b.*",
    re.IGNORECASE,
)
_NOT_PUBLISHED = re.compile(r"\bnot for p")
_CONTACTS = re.compile(
    r"[\W_]*(?:(?:media|press|news|investor|pr|general)? ?"
    r"(?:contacts?|enquiries|inquiries|relations|office)(?: (?:details|information|person))?\W*:.*"
    r"|(?:media |press )?(?:contacts|enquiries|inquiries)\W*"
    r"|for (?:more|further|additional) information,? (?:please )?(?:contact|call|e-?mail)\b.*)",
    re.IGNORECASE,
)
_END = re.compile(r"[\W_]*(?:ends|end|ende)[\W_]*|[-–—] ?30 ?[-–—]|(?:# ?){3,}", re.IGNORECASE)
_NAMED_NUMBER = re.compile(
    r"\b(?:tel(?:e?phone|efon)?|phone|mobile|cell|fax|isdn|newsdesk|hotline)\b\.?\W{0,3}"
    r"(?:no\.? |number )?[+(]?\d[\d() ./-]{4,}",
    re.IGNORECASE,
)
_NAMES = ("tel", "phone", "mobile", "cell", "fax", "isdn", "newsdesk", "hotline")
_BARE_NUMBER = re.compile(
    r"(?<![\w.])(?:(?:\+|00)\d[\d() ./-]{7,}\d|\(?\d{3,5}\)?[ -]\d{3,4}[ -]?\d{3,4}\b)"
)
_DIGITS = re.compile(r"\d[\d() ./-]{4}")
"""It is in every number, whether it is named as one or not; hardly any line has it."""
_REACHED = re.compile(
    r"[\w.+-]{1,64}@[\w-]+\.\w|https?://|www\.|\b(?:tele)?phone\b|\b(?:call|contact|e-?mail|desk)\b",
    re.IGNORECASE,
)
_REACHING = ("@", "://", "www.", "phone", "call", "contact", "mail", "desk")
"""One of these is in all that it finds; they are looked for in a tenth of the time."""
_NUMBER_LINE = re.compile(
    r"[\W_]*(?:\w+ ){0,3}(?:tel(?:ephone|efon)?|phone|mobile|mob|fax|isdn|e-?mail)\b\W{0,4}"
    r"(?:[+(]?\d[\d() ./+-]{4,}|\S+@\S+)\W*",
    re.IGNORECASE,
)


def end_mark(line: str) -> bool:
    """Whether a line is nothing but the mark of an end: ``ENDS``, ``-ends-``, ``###``, ``-30-``."""
    return len(line) <= 30 and _END.fullmatch(line.strip()) is not None


def begins_contacts(line: str) -> bool:
    """A line that begins a list of people to be called, or is an entry of one."""
    return len(line) <= _LONGEST and (_CONTACTS.fullmatch(line) is not None or is_number(line))


def is_number(line: str) -> bool:
    """A line that is nothing but somebody's telephone number or address, named as such."""
    return _NUMBER_LINE.fullmatch(line) is not None


def begins_block(line: str) -> bool:
    """A line that begins a block of notes to editors or a reporter's notebook."""
    if len(line) > _LONGEST:
        return False
    if _NOTEBOOK.fullmatch(line):
        return True
    found = _NOTE.fullmatch(line)
    return found is not None and found["block"] is not None


def closes(line: str) -> bool:
    """Whether a block that begins with a line is over with it: ``NOTE TO EDITORS: … ENDS``."""
    return re.search(r"\bENDS\b[\W_]*$|[-–—] ?ends ?[-–—]\W*$", line) is not None


def note(line: str) -> str | None:
    """What a line says that is a note to editors; empty where it isn't for publication.

    Returns:
        ``None``: the line is none.
    """
    if len(line) > _LONGEST:
        return None
    if _NOTEBOOK.fullmatch(line):
        return ""
    found = _NOTE.fullmatch(line)
    if found is None:
        return None
    said = (found["said"] or found["own"] or "").strip(" *#()[]<>–—-")
    private = found["block"] is not None or is_private(said) or _is_reached(said)
    return "" if private or _NOT_PUBLISHED.search(line.lower()) else said


def _is_reached(text: str) -> bool:
    plain = text.lower()
    return any(sign in plain for sign in _REACHING) and _REACHED.search(text) is not None


def is_private(text: str) -> bool:
    """Whether a text has a telephone number in it."""
    if _DIGITS.search(text) is None:
        return False
    if _BARE_NUMBER.search(text):
        return True
    plain = text.lower()
    return any(name in plain for name in _NAMES) and _NAMED_NUMBER.search(text) is not None
