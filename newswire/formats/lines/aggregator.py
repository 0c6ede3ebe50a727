"""What an aggregator's page adds around a story: offers, lists of other stories, buttons.

Each function looks at one line as it is copied from such a page. A line that is a sentence of the
story is never chrome, since every pattern has to match the whole line; where the line stands
decides the rest, in :mod:`newswire.formats.text`.
"""

from __future__ import annotations

import re

_LONGEST_CHROME = 120


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile("(?:" + "|".join(patterns) + r")[\s.!:›»>→…]*", re.IGNORECASE)


_PROMISES = (
    # Whole sentences, as a page prints them: they may end in a full stop.
    r"get (?:all|the) (?:your |latest |best |day's |morning's )*news\b.{0,80}",
    r"read news from .{0,80}",
    r"one (?:app|subscription|membership)\b.{0,90}",
    r"\d+(?:[’']?s|\+)?(?: of)? (?:premium|trusted|global)\b.{0,60}",
    r"already (?:a )?(?:member|subscriber|registered|subscribed|have an account)\b.{0,60}",
    r"to (?:continue|keep) reading,? .{0,80}",
    r"this (?:article|story) is for (?:subscribers|members).{0,60}",
)
_OFFER = (
    r"(?:sign|log)[ -]?(?:up|in|on)"
    r"(?: (?:to|for|now|with)\b[^,.“”\"]{0,70}| here| or [^,.]{0,60})?",
    r"(?:start|continue) reading(?: (?:for free|now|here|this .{0,40}|on .{0,40}))?",
    r"(?:please )?(?:subscribe|register)(?: (?:now|here|today|to|for)\b[^,.“”\"]{0,70})?",
    r"(?:create|get) (?:a|your) (?:free )?account.{0,40}",
    r"get (?:our|the|this|unlimited|full)\b.{0,40}"
    r"\b(?:newsletters?|app|access|briefing|inbox)\b.{0,60}",
    r"(?:\w+|\d+) days? free(?: trial)?",
    r"(?:start|try) (?:your|a|for|it) ?free\b.{0,60}",
    r"(?:download|get|open in) (?:the|our) .{0,30}\bapp\b.{0,40}|download the app",
    r"(?:download on the app store|get it on google play)",
    r"unlock (?:this|the full|unlimited)\b.{0,60}",
)
_LISTS = (
    r"(?:related|similar|recommended|suggested|trending|popular|latest|top|other|more|featured)"
    r" (?:stories|articles|news|topics|reading|reads|headlines|content|coverage|videos)"
    r"(?: (?:right now|today|now))?(?: (?:on|from|in|for) .{1,40})?",
    r"top stories\b.{0,60}",
    r"(?:our|editor[’']?s|staff) picks?",
    r"(?:most|best) (?:read|viewed|popular|shared|commented)(?: .{1,30})?",
    r"(?:you (?:may|might) (?:also )?(?:like|be interested in)|recommended(?: for you)?|read next|"
    r"up next|what to read next|don[’']t miss|explore more|related|more on this(?: story)?|"
    r"more from .{1,40}|more (?:about|in) .{1,40}|around the (?:web|bbc)|elsewhere on .{1,30}|"
    r"promoted stories|sponsored(?: content| links)?|from our partners|in case you missed it)",
    r"(?:comments|\d+ comments?|leave a (?:comment|reply)|join the conversation|view comments|"
    r"show comments)",
    r"(?:topics|tags|related topics)",
    r"(?:about|contact) us|terms (?:of (?:use|service)|and conditions|& conditions)|"
    r"privacy (?:policy|notice)|cookie (?:policy|settings)|all rights reserved",
)
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright\s)\s?\S.{0,110}|our standards: .{0,80}", re.IGNORECASE
)
_BUTTONS = (
    r"advertisement|ad|sponsored|continue reading below|story continues below(?: advertisement)?|"
    r"article continues (?:below|after ad\w*)|skip (?:to|past) .{1,40}|scroll (?:down )?to .{1,40}",
    r"share(?: (?:this|on|via|article|story)\b.{0,40})?|save(?: (?:this )?(?:article|story))?|"
    r"copy link|print(?: this .{0,20})?|email(?: this .{0,20})?|e-?mail|facebook|twitter|x|"
    r"whatsapp|linkedin|reddit|telegram|messenger|bluesky|tweet|pin|"
    r"listen(?: to (?:this )?(?:article|story))?|menu|search|home|close|back|follow|following|"
    r"bookmark|gift (?:this )?article|expand|enlarge|"
    r"view (?:image|gallery|full screen).{0,20}|play(?: video)?|watch(?: now| live|: .{1,80})?|"
    r"toggle .{1,30}|open (?:image|menu).{0,30}|translate|text size|"
    r"read (?:the )?full (?:story|article)",
    r"follow (?:us|.{1,40}) on .{1,40}",
    r"(?:read more|read also|also read|see also|related|more|explainer|recommended)\s?: .{1,110}",
    r"read (?:more|the full story|full article)(?: (?:on|at|here|about)\b.{0,60})?",
    r"click here\b.{0,80}",
    r"add .{1,30} (?:as (?:a )?preferred source )?on google.{0,20}",
    r"powered by .{1,30}",
)
_SENTENCES, _OFFERS = _any_of(*_PROMISES), _any_of(*_OFFER)
_HEADINGS, _SMALL = _any_of(*_LISTS), _any_of(*_BUTTONS)
_LONGEST_BUTTON_WITH_STOP = 5
"""Words: "Sign in to the register is required of each school." is a sentence of the story."""


def is_offer(line: str) -> bool:
    """An offer to sign up, subscribe or install: above a story, or the end of it."""
    if len(line) > _LONGEST_CHROME:
        return False
    if _SENTENCES.fullmatch(line):
        return True
    return not _is_statement(line) and _OFFERS.fullmatch(line) is not None


def is_list_heading(line: str) -> bool:
    """The heading of something else: related stories, comments, the page's footer."""
    if len(line) > _LONGEST_CHROME:
        return False
    if _COPYRIGHT.fullmatch(line):
        return True
    return not _is_statement(line) and _HEADINGS.fullmatch(line) is not None


def is_button(line: str) -> bool:
    """A button, a label or a pointer to another story, anywhere on a page."""
    if re.fullmatch(r"[\W_]+|https?://\S+", line):
        return True
    if len(line) > _LONGEST_CHROME or _is_statement(line):
        return False
    return _SMALL.fullmatch(line) is not None


def _is_statement(line: str) -> bool:
    return line.endswith(".") and len(line.split()) > _LONGEST_BUTTON_WITH_STOP


def is_chrome(line: str) -> bool:
    """Any of the three."""
    return is_offer(line) or is_list_heading(line) or is_button(line)
