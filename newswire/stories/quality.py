"""What is doubtful about a story as it came in: marked, counted, and never repaired.

A mark says what was seen; whoever reads the story decides what that means. It is computed where a
draft becomes a story, from the draft and the archive's record only, so that the same bytes always
have the same marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from newswire.stories.draft import Draft
from newswire.stories.language import detect, differ
from newswire.stories.model import ItemType, PubStatus, QualityMark, Story

CLOCKS_DIFFER = timedelta(minutes=5)
"""A date no further ahead than this is a clock that is fast."""
SHORT = 100
"""Characters of a body that is more than an alert."""
_SHOWN = 60
"""Characters of a text from outside that a detail quotes."""


class Reason(StrEnum):
    """Why a story is marked. Readers meet new ones: the contract takes any."""

    DATE_MISSING = "date-missing"
    """It states no date that could be used: its date is that of its fetch."""
    DATE_UNREADABLE = "date-unreadable"
    DATE_WITHOUT_ZONE = "date-without-zone"
    """Taken as UTC."""
    DATE_IN_FUTURE = "date-in-future"
    """Later than it arrived, by more than clocks differ."""
    DATE_UNBELIEVABLE = "date-unbelievable"
    """Before 1900 or more than a day ahead, and left out for that."""
    LANGUAGE_MISSING = "language-missing"
    LANGUAGE_MISMATCH = "language-mismatch"
    BODY_EMPTY = "body-empty"
    """Nothing in it but the headline again."""
    BODY_SHORT = "body-short"
    BODY_TRUNCATED = "body-truncated"
    CHARSET_GUESSED = "charset-guessed"
    """None is declared, or it is in another."""
    MOJIBAKE = "mojibake"
    """Read in another character set than it was written in, by somebody before us."""
    CHARACTERS_LOST = "characters-lost"
    """U+FFFD stands for them."""
    NULS_DROPPED = "nuls-dropped"
    """Some stood within its document, where something may be broken."""


def quality_of(story: Story, draft: Draft) -> tuple[QualityMark, ...]:
    """The marks of a story, in the order of :class:`Reason`; none of what is withdrawn.

    Args:
        story: as it is to be published.
        draft: what it was made of, with the dates that it states.
    """
    if story.pub_status is not PubStatus.USABLE:
        return ()
    marks = [*_dates(story, draft)]
    if story.type is ItemType.TEXT:
        text = story.text
        marks += [*_language(story.language, text), *_body(story, text)]
        marks += [*_charset(draft), *_characters(story, text), *_nuls(draft)]
    return tuple(marks)


def _mark(reason: Reason, detail: str) -> QualityMark:
    return QualityMark(reason=reason.value, detail=detail)


def _dates(story: Story, draft: Draft) -> Iterator[QualityMark]:
    not_believed = draft.extra.get("dates_not_believed")
    absurd = (
        {name: datetime.fromisoformat(str(date)) for name, date in not_believed.items()}
        if isinstance(not_believed, dict)
        else {}
    )
    unreadable = draft.extra.get("date_unreadable")
    stated = {"version_created": draft.version_created, "first_created": draft.first_created}
    if not any(stated.values()):
        why = "no date that can be believed" if absurd else "no date that can be read"
        said = why if absurd or unreadable else "no date"
        yield _mark(
            Reason.DATE_MISSING,
            f"{said}: it has that of its fetch, {story.version_created:%Y-%m-%d %H:%M} UTC",
        )
    if unreadable:
        yield _mark(Reason.DATE_UNREADABLE, f"stated as {str(unreadable)[:_SHOWN]!r}")
    without_zone = draft.extra.get("dates_without_zone")
    if isinstance(without_zone, list) and without_zone:
        names = ", ".join(map(str, without_zone))
        yield _mark(Reason.DATE_WITHOUT_ZONE, f"{names}: without a time zone, taken as UTC")
    arrived = story.raw.archived_at
    for name, date in (*stated.items(), *absurd.items()):
        if date is not None and _aware(date) > arrived + CLOCKS_DIFFER:
            yield _mark(
                Reason.DATE_IN_FUTURE,
                f"{name}: {_aware(date).isoformat(' ', 'minutes')}, "
                f"but it arrived at {arrived.isoformat(' ', 'minutes')}",
            )
    for name, date in absurd.items():
        yield _mark(Reason.DATE_UNBELIEVABLE, f"{name}: {date.isoformat()}, not taken")


def _aware(moment: datetime) -> datetime:
    # Not converted: a date that isn't believed may be none in UTC.
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _language(declared: str | None, text: str) -> Iterator[QualityMark]:
    detected = detect(text)
    seen = (
        f"the body reads as {detected.language} ({detected.probability:.2f})"
        if detected
        else "the body doesn't tell"
    )
    if declared is None:
        yield _mark(Reason.LANGUAGE_MISSING, f"none is declared; {seen}")
    elif detected is not None and differ(declared, detected.language):
        yield _mark(Reason.LANGUAGE_MISMATCH, f"declared as {declared}, {seen}")


def _body(story: Story, text: str) -> Iterator[QualityMark]:
    headline = story.headline or ""
    if len(text) <= 2 * len(headline) and _letters(text) == _letters(headline):
        yield _mark(Reason.BODY_EMPTY, "nothing but the headline")
    elif len(text) < SHORT:
        yield _mark(Reason.BODY_SHORT, f"{len(text)} characters")
    cut = _CUT.search(text[-_LONGEST_CUT:])
    if cut:
        yield _mark(Reason.BODY_TRUNCATED, f"ends with {cut[0].strip()[:_SHOWN]!r}")
    elif _breaks_off(story):
        yield _mark(Reason.BODY_TRUNCATED, f"breaks off at {text[-_SHOWN // 2 :]!r}")


_LONGEST_CUT = 80
_CUT = re.compile(
    # What software and desks put where a text was cut: an ellipsis, "[+1234 chars]", "(more)", the
    # words of a link to the rest. An ellipsis within quotation marks is a speaker's.
    r"""(?: (?:\.{3,}|…|\[(?:…|\.{3})\]) (?:[\s)\]]{0,9}\Z | \s*\(?(?:continue\ reading|more))
          | \[\+?\d[\d,.]*\ (?:chars|characters|words)\]
          | \(\s*more(?:\ follows)?\s*\)
          | \b(?:continue\ reading|read\ more)
        ) \W{0,9} \Z""",
    re.IGNORECASE | re.VERBOSE,
)
_SENTENCE_END = re.compile(r"""[.!?…。！？؟।։።][\s"”’'»“„›)\]]*\Z""")
_UNENDED = re.compile(
    r"""(?:[.!?…。！？؟։।][\s"”’'»“„›)\]=–—-]+|\A)([^.!?…。！？؟։।]+[^\W\d_][,;–—-]?)\s*\Z"""
)
"""The words after the last sentence."""
_FEWEST_UNENDED = 30
"""Characters of them: fewer are the agency's name or the writer's."""
_LONGEST_UNENDED = 400
"""Characters looked at."""
_LONG = 80
"""Characters from which a last paragraph is a sentence, and no signature or place name."""


def _breaks_off(story: Story) -> bool:
    """Whether the last paragraph ends within a sentence, where none of the others does.

    Lists, results and scripts without a full stop end so everywhere.
    """
    paragraphs = [block for block in story.body if block.kind == "paragraph"]
    if len(paragraphs) < 3 or story.body[-1] is not paragraphs[-1]:
        return False
    *others, last = (block.text for block in paragraphs)
    unended = _UNENDED.search(last[-_LONGEST_UNENDED:]) if len(last) >= _LONG else None
    return (
        unended is not None
        and len(unended[1]) >= _FEWEST_UNENDED
        and all(_SENTENCE_END.search(one[-9:]) for one in others)
    )


def _letters(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())


_HIGH_1252 = "".join(
    bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0x100)
)
_TAIL_1252 = re.escape(_HIGH_1252[:0x40])
_AS_1252 = re.compile(f"[Â-ß][{_TAIL_1252}]|[à-ï][{_TAIL_1252}]{{2}}|[ð-ô][{_TAIL_1252}]{{3}}")
"""UTF-8 read as windows-1252, sequence by sequence: `Ã©`, `â€™`."""
_TAIL_1251 = re.escape(bytes(range(0x80, 0xC0)).decode("cp1251", "ignore"))
_AS_1251 = re.compile(f"(?:[РС][{_TAIL_1251}]){{3,}}")
"""UTF-8 of Cyrillic read as windows-1251: `РџСЂРёРІРµС‚`."""


def _charset(draft: Draft) -> Iterator[QualityMark]:
    guessed, mail = draft.extra.get("charset_guessed"), draft.extra.get("mail")
    wrong = mail.get("charset_wrong") if isinstance(mail, dict) else None
    if guessed:
        yield _mark(Reason.CHARSET_GUESSED, f"none is declared, read as {guessed}")
    if wrong:
        yield _mark(Reason.CHARSET_GUESSED, f"declared as {str(wrong)[:_SHOWN]}, which it isn't in")


def _nuls(draft: Draft) -> Iterator[QualityMark]:
    nuls = draft.extra.get("nuls_dropped")
    if nuls:
        yield _mark(Reason.NULS_DROPPED, f"{nuls} in its document, none of them kept")


def _characters(story: Story, text: str) -> Iterator[QualityMark]:
    whole = f"{story.headline}\n{text}"
    lost = whole.count("\ufffd")
    if not whole.isascii():
        found = _AS_1251.findall(whole)
        if not found:
            # One pair of letters can be chance: a quotation that ends in a capital, `CAFÉ»`.
            found = _AS_1252.findall(whole)
            if len(found) < 2 and not any(len(one) > 2 for one in found):
                found = []
        if found:
            some = ", ".join(dict.fromkeys(one[:12] for one in found[:5]))
            yield _mark(Reason.MOJIBAKE, f"{len(found)} times UTF-8 read as another set: {some}")
    if lost:
        yield _mark(Reason.CHARACTERS_LOST, f"{lost} of U+FFFD")
