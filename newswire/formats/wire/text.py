"""What the text wires of the teleprinter's age have in common: IPTC 7901, ANPA 1312, ZCZC.

They frame their copy with control characters, declare no character set, break lines at the width of
a page, and write the time of transmission at the end. Sources: IPTC 7901 (*The IPTC Recommended
Message Format*), ANPA 1312 and 84-2 (*High-Speed Wire Service Transmission Guidelines*).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from newswire.errors import InputTooLarge, NoArticle, ParseError
from newswire.formats.base import charset
from newswire.formats.base.clean import SENTENCE_END, one_line
from newswire.formats.base.document import Document, Entries, Failure
from newswire.formats.lines.wirecopy import sign_off
from newswire.stories.draft import Draft
from newswire.stories.model import Block

SOH, STX, ETX, EOT = "\x01", "\x02", "\x03", "\x04"
_LINE_ENDS = re.compile("\r\n?|\x85|\u2028|\u2029")
_MOST_FRAMES = 5_000
_MOST_LINES_OF_FILE = 200_000
_MOST_LINES = 50_000
"""Of one story: one of a million characters, broken at 60, has 17,000."""
_FULL = 60
"""Characters of a full line, at least; IPTC 7901 has 69 in one."""
_SHORT = 45
"""A line of fewer ends where its writer ended it, whatever is around."""
_UNBROKEN = 120
"""A longer line was broken for no page: each is a paragraph."""
_LONGEST_LISTED = 45
"""Characters of an indented line up to which it may be one of a list, where no sentence ends."""


def controlled_text(document: Document) -> str:
    """The document with its control characters, line ends as line feeds.

    Raises:
        InputTooLarge: more lines than any file of transmissions has.
    """
    # Decoded as before, controls and all.
    decoded, _ = charset.decode(document.data, f"text/plain; charset={document.encoding}")
    text = _LINE_ENDS.sub("\n", decoded)
    lines = text.count("\n")
    if lines > _MOST_LINES_OF_FILE:
        raise InputTooLarge(f"{lines:,} lines, over the limit of {_MOST_LINES_OF_FILE:,}")
    return text


_FRAME = re.compile(f"{SOH}|{EOT}")
_FILLING = "\x00\x16\x7f\x0c \t\n"
"""What transmissions are padded with."""


def frames(text: str, header: re.Pattern[str]) -> list[str]:
    """The transmissions of a file, without the characters that frame them.

    Args:
        text: with its control characters.
        header: a header line, anchored at a line's start: where the framing is lost, it begins one.

    Raises:
        InputTooLarge: more than any file has.
    """
    signs = text.count(SOH) + text.count(EOT)
    if signs > 4 * _MOST_FRAMES:
        raise InputTooLarge(f"{signs:,} signs of framing: no file has as many transmissions")
    found: list[str] = []
    for chunk in _FRAME.split(text):
        padded = len(chunk) - len(chunk.lstrip(_FILLING))
        starts = (match.start() for match in header.finditer(chunk))
        bounds = [0, *(start for start in starts if start > padded), len(chunk)]
        found += (chunk[a:b].strip(_FILLING) for a, b in pairwise(bounds))
    return [frame for frame in found if frame]


def read_each(transmissions: Sequence[str], read: Callable[[str], Draft]) -> Entries:
    """Read the transmissions of a file; a broken one does not keep its neighbours.

    Raises:
        ParseError: there is one only, and it is broken.
        NoArticle: there is none.
        InputTooLarge: more than any file has.
    """
    if len(transmissions) > _MOST_FRAMES:
        raise InputTooLarge(
            f"{len(transmissions):,} transmissions, over the limit of {_MOST_FRAMES:,}"
        )
    if not transmissions:
        raise NoArticle("nothing but the frame of a transmission")
    if len(transmissions) == 1:
        return Entries([read(transmissions[0])])
    entries = Entries([])
    for number, frame in enumerate(transmissions, 1):
        try:
            entries.drafts.append(read(frame))
        except ParseError as error:
            digest = hashlib.sha256(frame.encode("utf-8", "replace")).hexdigest()
            entries.failures.append(Failure(f"transmission {number}", error, digest))
    return entries


def lineage(agency: str, name: str, day: datetime | None, body: Iterable[Block]) -> str:
    """What tells a story from another of the same name: wires number from the start every day.

    Args:
        agency: whose numbers or names these are.
        name: the number, or the keyword under which all leads of the story go.
        day: when it was sent; without it only what is said tells one day's story from another's.
        body: what it says.
    """
    if day is not None:
        return f"{agency}:{day:%Y-%m-%d}:{name}"
    said = "\n".join(block.text for block in body)
    return f"{agency}:{hashlib.sha256(said.encode('utf-8', 'replace')).hexdigest()[:16]}:{name}"


# --- lines -------------------------------------------------------------------------------------


def paragraphs(lines: Iterable[str]) -> list[Block]:
    """Blocks between blank lines; an indented line begins one too. Columns make a table.

    Raises:
        InputTooLarge: more lines than any story has.
    """
    groups: list[list[str]] = []
    fresh = True
    for number, line in enumerate(lines):
        if number >= _MOST_LINES:
            raise InputTooLarge(
                f"more than {_MOST_LINES:,} lines, the limit of one story",
                "no story has as many: a list or a table is no article",
            )
        if not line.strip():
            fresh = True
            continue
        indented = re.match(r"\t|  +(?=\S)", line) is not None
        unbroken = bool(groups) and max(len(line), len(groups[-1][-1])) > _UNBROKEN
        if fresh or unbroken or (indented and not _continues(groups[-1], line)):
            groups.append([])
        groups[-1].append(line)
        fresh = False
    return [block for group in groups if (block := _block(group)) is not None]


def _continues(group: list[str], line: str) -> bool:
    """Whether an indented line goes on with what stands above: a list's, or a table's row."""
    last = group[-1]
    if group[0].lstrip().startswith(("- ", "* ", "• ")) or (_columns(line) and _columns(last)):
        return True
    listed = last[0].isspace() and max(len(last), len(line)) < _LONGEST_LISTED
    return listed and SENTENCE_END.search(last.rstrip()) is None


def _block(lines: list[str]) -> Block | None:
    rows = [_columns(line) for line in lines]
    if len(rows) > 1 and sum(map(bool, rows)) > len(rows) / 2:
        cells = ["\t".join(row or [one_line(line)]) for row, line in zip(rows, lines, strict=True)]
        return Block(kind="table", text="\n".join(cells))
    text = unwrapped([one_line(line) for line in lines])
    return Block(text=text) if text else None


def _columns(line: str) -> list[str] | None:
    """The cells of a line that is set in columns; ``None``: it is running text."""
    cells = [cell for cell in re.split(r"[^\S\n]{2,}|\t", line.strip()) if cell]
    return cells if len(cells) > 1 and len(line.split()) <= 6 * len(cells) else None


def unwrapped(lines: Sequence[str]) -> str:
    """Lines as one, where they were broken for the width of the page; as they are elsewhere."""
    gaps = list(pairwise(lines))
    listed = 2 * sum(not is_full(*gap) for gap in gaps) > len(gaps)
    parts = list(lines[:1])
    for line, following in gaps:
        apart = listed or not is_full(line, following, _SHORT)
        parts += ("\n" if apart else " ", following)
    return "".join(parts)


def is_full(line: str, following: str, width: int = _FULL) -> bool:
    """Whether a line is broken since the next word had no room on it."""
    return len(line) + 1 + len(following.partition(" ")[0]) > width


# --- what stands in the copy -------------------------------------------------------------------

_SIGNATURE = re.compile(
    r"[=*#\s]*\((?:[A-Za-z]{2,8}\s?[\\/·-]+\s?){1,3}[A-Za-z]{2,8}\)|=+\s?[A-Za-z]{2,10}|"
    r"(?:[a-z]{2,4}[ /]){1,5}[a-z]{2,4}"
)


def take_signature(draft: Draft) -> None:
    """Move the desk's signature under the text (``(SDA/sj)``, ``==Kyodo``) to ``extra``."""
    if len(draft.body) > 1 and _SIGNATURE.fullmatch(draft.body[-1].text):
        signature = draft.body.pop().text
        if sign_off(signature) is None:
            draft.extra["signature"] = signature


_SERVICE_LINE = re.compile(r"\s*(?P<agency>[A-Z]{2,6})(?: [A-Z]{2,12})?\s*")


def take_service_line(draft: Draft, lines: list[str]) -> None:
    """Take off a last line that names agency and service (``AAP RESULTS``)."""
    last = max((i for i, line in enumerate(lines) if line.strip()), default=0)
    found = _SERVICE_LINE.fullmatch(lines[last]) if last else None
    if found is not None:
        draft.extra["signature"] = lines.pop(last).strip()
        draft.provider = draft.provider or found["agency"]


_LONGEST_DATELINE = 150
_PLACE = r"(?P<place>[A-ZÀ-ÖØ-Þ][^\W\d_]*(?:[ /.,'’-]+[^\W\d_]+){0,5}\.?)"
_DATELINES = (
    # Norvik (vna) - : agencies sign in small letters. Some (ATS) put no dash.
    re.compile(
        rf"(?P<dateline>{_PLACE} \((?P<agency>[a-z]{{2,6}}(?:[/ -][a-z]{{2,6}}){{0,2}})\)"
        r"(?: ?[-–—]{1,2}(?= )|(?= [A-ZÀ-ÖØ-Þ«“\"]))) (?=\S)"
    ),
    # NORVIK, Vinland, Nov. 14 VNA - : the agency stands behind the day (Kyodo, AAP).
    re.compile(
        rf"(?P<dateline>{_PLACE}, [A-Z][a-z]{{2,8}}\.? \d{{1,2}} (?P<agency>[A-Z][A-Za-z]{{1,9}})"
        r" [-–—]{1,2}) (?=\S)"
    ),
)


def read_dateline(draft: Draft) -> None:
    """Read a dateline as only the text wires write it into its fields; it stays in the body.

    Other datelines are those of :func:`newswire.formats.lines.wirecopy.apply`.
    """
    if not draft.body or draft.body[0].kind != "paragraph":
        return
    text = draft.body[0].text
    head = text[:_LONGEST_DATELINE]
    found = next(filter(None, (form.match(head) for form in _DATELINES)), None)
    if found is not None:
        draft.dateline, draft.located = found["dateline"], found["place"]
        draft.provider = draft.provider or found["agency"]


def headline_of_alert(draft: Draft) -> None:
    """An alert comes without a headline: its one sentence is the headline, and its text."""
    if draft.headline is None and draft.body:
        draft.headline = one_line(draft.body[0].text.removeprefix(draft.dateline or ""))
        draft.extra["headline_from"] = "body"


_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan gen ene janv", "feb fev fév febr févr", "mar mär mrz mrt maa", "apr avr abr",
            "may mai mei mag maj mayo", "jun juin giu", "jul juil lug", "aug aoû aou ago août",
            "sep set sept", "oct okt ott out", "nov", "dec dez dic déc des",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
"""English, German, French, Italian, Spanish, Portuguese, Dutch, and the Nordic languages."""


def month(name: str) -> int | None:
    """The number of a month by the beginning of its name, in the languages of the wires."""
    word = name.casefold().rstrip(".")
    return _MONTHS.get(word[:4]) or _MONTHS.get(word[:3])


_OFFSETS = {"GMT": 0, "UTC": 0, "Z": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7}
_OFFSETS |= {"MDT": -6, "PST": -8, "PDT": -7, "CET": 1, "MEZ": 1, "CEST": 2, "MESZ": 2}


def moment(
    year: str, month_number: int, day: str, clock: str, zone: str | None
) -> tuple[datetime, bool] | None:
    """A time of transmission in UTC, and whether its zone is stated.

    Args:
        year: two digits: 70 to 99 are of the last century; or four.
        month_number: from 1.
        day: one or two digits.
        clock: hour and minute, four digits.
        zone: its abbreviation, if any.

    Returns:
        ``None``: no calendar or clock has it.
    """
    full = int(year) + (0 if len(year) == 4 else 1900 if int(year) >= 70 else 2000)
    try:
        local = datetime(full, month_number, int(day), int(clock[:2]), int(clock[2:]), tzinfo=UTC)
        offset = _OFFSETS.get((zone or "").upper())
        return local - timedelta(hours=offset or 0), offset is not None
    except (ValueError, OverflowError):
        return None
