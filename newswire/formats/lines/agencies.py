"""The news agencies, and the signs by which a story in an outlet's page is an agency's.

An outlet prints an agency's story under its own name. The agency is named in the dateline
("LONDON (Reuters) -"), in the byline ("By Jo Park, Associated Press"), as the source in the page's
data, or in the notice below. "With AFP" or two agencies say that the outlet wrote it from theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from newswire.formats.base.clean import one_line
from newswire.stories.draft import Draft

_KNOWN = {
    "AAP": "aap|australian associated press",
    "Adnkronos": "adnkronos",
    "AFP": "afp|agence france[- ]presse",
    "AGI": "agi",
    "Anadolu": "anadolu(?: (?:agency|ajansı))?",
    "ANI": "ani",
    "ANP": "anp",
    "ANSA": "ansa",
    "AP": "ap|(?:the )?associated press|ap news",
    "APA": "apa",
    "ATS": "ats|keystone[- ](?:ats|sda)|sda",
    "Belga": "belga",
    "Bernama": "bernama",
    "Bloomberg": "bloomberg(?: news)?",
    "BNS": "bns",
    "BTA": "bta",
    "CNN": "cnn(?: (?:wire|newsource))?",
    "CP": "cp|(?:the )?canadian press|la presse canadienne",
    "CTK": "[cč]tk",
    "dpa": "dpa(?:[- ](?:afx|infocom|international))?|deutsche presse[- ]agentur",
    "EFE": "efe|agencia efe",
    "epd": "epd",
    "Europa Press": "europa press",
    "IANS": "ians",
    "Interfax": "interfax",
    "Jiji Press": "jiji(?: press)?",
    "KNA": "kna",
    "Kyodo": "kyodo(?: news)?",
    "Lusa": "(?:agência )?lusa",
    "MTI": "mti",
    "NTB": "ntb",
    "PA": "pa(?: media)?|press association",
    "PAP": "pap",
    "PTI": "pti|press trust of india",
    "Reuters": "reuters(?: (?:news agency|staff))?|thomson reuters",
    "RIA": "ria(?: novosti)?",
    "Ritzau": "ritzaus?(?: bureau)?",
    "SID": "sid",
    "STT": "stt",
    "TASS": "(?:itar[- ])?tass",
    "Télam": "t[ée]lam",
    "Tanjug": "tanjug",
    "TT": "tt|tidningarnas telegrambyrå",
    "UPI": "upi|united press international",
    "Xinhua": "xinhua(?: news agency)?",
    "Yonhap": "yonhap(?: news agency)?",
}
_HOSTS = {
    "reuters.com": "Reuters",
    "apnews.com": "AP",
    "ap.org": "AP",
    "afp.com": "AFP",
    "dpa.com": "dpa",
    "upi.com": "UPI",
    "efe.com": "EFE",
    "ansa.it": "ANSA",
    "xinhuanet.com": "Xinhua",
    "tass.com": "TASS",
    "yna.co.kr": "Yonhap",
    "bloomberg.com": "Bloomberg",
}
_NAMES = re.compile(
    "|".join(f"(?P<n{number}>{pattern})" for number, pattern in enumerate(_KNOWN.values())),
    re.IGNORECASE,
)
_ANY = "|".join(_KNOWN.values())
_CANONICAL = tuple(_KNOWN)

_IN_DATELINE = re.compile(r"[(/]([^()/]{2,40})[)/]\s*\W*$")
_IN_BYLINE = re.compile(
    r"(?:^|[,|/(–—;]\s*|\s-\s*|\s(?:of|for|via)\s+|"
    r"\s(?=(?:the )?(?:associated press|agence france|deutsche presse|canadian press)))"
    rf"(?:the )?(?P<agency>{_ANY})"
    r"(?:\s+(?:staff|writers?|reporters?|correspondents?|sports|news|business|medical|science|"
    r"political|national|economics|entertainment|health|technology)){0,4}"
    r"(?=\s*(?:$|[,|/)–—;]|\sand\s))",
    re.IGNORECASE,
)
_PARTLY = re.compile(r"\b(?:with|avec|con|mit|agencies|agenturen|agencias)\b", re.IGNORECASE)
_SHORT = 4
"""Letters up to which a name is an agency's only in the agency's own spelling: Sid is a person."""
_NOTICE = re.compile(
    rf"(?:©|\(c\)|copyright)\s*(?:©|\(c\))?\s*(?:19|20)?\d{{0,2}},?\s*(?:by )?(?:the )?"
    rf"(?P<owner>{_ANY})(?=\s*(?:$|[.,;(|]|\d|all rights|limited))"
    rf"|(?:source|quelle|fuente|fonte|źródło)\s*:\s*(?:the )?(?P<source>{_ANY})\s*\.?$"
    r"|the[- ](?P<wire>cnn)[- ]wire\s*[™©]"
    r"|our standards: the (?P<standards>thomson reuters)\b"
    rf"|(?:first|originally) (?:published|appeared) (?:by|on|in) (?:the )?(?P<first>{_ANY})\b",
    re.IGNORECASE,
)
_LONGEST_NOTICE = 320


def canonical(name: str | None) -> str | None:
    """An agency's short name, as datelines have it; ``None``: it is no known agency's."""
    line = one_line(name)
    found = _NAMES.fullmatch(line) if len(line) <= 60 else None
    if found is None:
        return None
    known = _CANONICAL[int((found.lastgroup or "n0")[1:])]
    return known if len(line) > _SHORT or line in {known, known.upper()} else None


def in_dateline(dateline: str | None) -> str | None:
    """The agency that a dateline names."""
    found = _IN_DATELINE.search(dateline) if dateline and len(dateline) <= 160 else None
    return canonical(found[1]) if found else None


def in_byline(byline: str | None) -> str | None:
    """The one agency that a byline names; none where the outlet wrote from what agencies sent."""
    if not byline or len(byline) > 200 or _PARTLY.search(byline):
        return None
    bare = re.sub(r"^(?:by|von|por|par|di)[: ]\s*", "", byline, flags=re.IGNORECASE)
    found = {name for one in _IN_BYLINE.finditer(bare) if (name := canonical(one["agency"]))}
    return found.pop() if len(found) == 1 else None


def in_notice(line: str) -> str | None:
    """The agency that a notice of rights or a line of its source names."""
    found = _NOTICE.search(line) if len(line) <= _LONGEST_NOTICE else None
    return canonical(next(filter(None, found.groupdict().values()))) if found else None


def at_address(url: str) -> str | None:
    """The agency whose site an address is on."""
    try:
        host = (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return None
    return next((name for end, name in _HOSTS.items() if ("." + host).endswith("." + end)), None)


def attribute(draft: Draft, *, sources: Iterable[str] = (), notices: Iterable[str] = ()) -> None:
    """Make the agency that wrote a story its provider, and keep the outlet in ``extra``.

    Args:
        draft: dateline, byline and provider are looked at; the provider is the outlet so far.
        sources: names or addresses of whom the page's data call the source.
        notices: lines that stand below the story. The one that names the agency becomes the credit.
    """
    named = [canonical(source) or at_address(source) for source in sources]
    agency = in_dateline(draft.dateline) or next(filter(None, named), None)
    agency = agency or in_byline(draft.byline)
    credit = next((line for line in notices if in_notice(line)), None)
    agency = agency or (in_notice(credit) if credit else None) or canonical(draft.provider)
    if agency is None:
        return
    outlet = draft.provider
    draft.provider = agency
    if credit is not None:
        draft.credit = draft.credit or credit
    if outlet and canonical(outlet) != agency:
        draft.extra["outlet"] = outlet
