"""Regions of a page that are none of its story, known by the names that templates give them.

A name is a class, an id or a role. Templates name what they lay out: ``related-articles``,
``newsletter-signup``, ``authorBio``. The names are read as words, so that ``relatedArticles`` and
``related_articles`` are one, and a name counts only where little of the page's prose stands in it:
``has-sidebar`` may name the whole page.
"""

from __future__ import annotations

import re
from functools import lru_cache

from lxml import etree, html

_NEVER = frozenset(("html", "body", "main", "article", "head", "h1"))
_WITHOUT_PROSE = frozenset(
    ("script", "style", "noscript", "template", "option", "title", "textarea", "a")
)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_OF_LAYOUT = re.compile(r"\b(?:has|no|not|with|without|below|above|for|hide|wrap|wrapper|layout)\b")
"""In a name that says what stands near or what is left out: ``has-sidebar``, ``below-banner``."""

_OTHERS = re.compile(
    r"\b(?:related|relacionad[oa]s?|verwandt\w*|similar|recirc\w*|recommend\w*|recomendad\w+|"
    r"(?:more|read|lees|leia|lea|lee|lire|czytaj|mehr) (?:more|on|from|next|also|too|stories|news|"
    r"articles|posts|links|mas|mais|aussi|ook|tambien|tez|takze|zum thema)|puede interesar|"
    r"see also|also (?:read|like)|(?:may|might) (?:also )?like|"
    r"most (?:read|popular|viewed|commented|shared)|trending|popular|latest (?:news|stories|posts)|"
    r"top stories|up next|(?:next|prev|previous) (?:article|story|post)s?|post nav\w*|outbrain|"
    r"taboola|sponsor\w*|promos?|promoted|promotion|advert\w*|ads?|adsense|banner|"
    r"newsletters?|subscri\w+|sign ?up|signin|login|donat\w+|cta|"
    r"shar(?:e|es|ing|edaddy)|social|addtoany|addthis|follow us|followus|"
    r"respond|"
    r"bio|biography|about (?:the )?author|author(?:s|box)?|bylines?|"
    r"tags|tag (?:list|links|cloud|items?)|taglist|tagcloud|keywords|topics|breadcrumbs?|"
    r"pagination|pager|nav|navigation|navbar|menu|toolbar|sidebar|"
    r"(?:entry|post|article|story|page) (?:meta|info|footer|tools|utility|actions)|timestamp|"
    r"(?:publish|published|post|pub|article) date|(?:read|reading) time|"
    r"cookies?|consent|gdpr|didomi|onetrust|"
    r"sr only|screen reader|visually hidden|visuallyhidden|no ?print|skip link|"
    r"disclosures?|disclaimers?|copyright|pull ?quotes?|modals?|popups?|overlays?|lightbox|"
    r"tooltips?|table of contents|feedback|ratings?|reactions?|players?|jwplayer|footers?|"
    r"(?:most )?recent (?:posts|news|articles|stories)|most recent|regwall|"
    r"paywall (?:offer|message|barrier|prompt|box)|weitere (?:artikel|themen|beitraege))\b"
)
_SITE = re.compile(r"\b(?:masthead|site (?:header|branding|title|description))\b")
"""The head of every page of a site; others with an ``h1`` in them may be the story's own."""
_STORY = re.compile(
    r"\b(?:(?:entry|article|post|story|news|main|page|single|content) ?(?:content|body|text)|"
    r"body ?text)\b"
)
_MOST_PROSE = 0.25
"""Share of the page's prose that a region may hold and still be what its name says."""
_MOST_COMMENTS = 0.5
_LONGEST_NAMES = 1_000
"""Characters of an attribute; a longer one names nothing."""
_LEAST_PROSE = 40
"""Characters of a text outside links from which it counts as prose: menus have shorter ones."""
_COMMENTS = re.compile(
    r"\b(?:comments?|commentlist|commentform|disqus|kommentare?|comentarios|commentaires)\b"
)


def words(name: str) -> str:
    """A name as words in lower case, one space between two."""
    return " ".join(_WORD.findall(name)).lower()


def drop(root: html.HtmlElement) -> int:
    """Take the regions out of a page; its readers' comments only where they are not most of it.

    Returns:
        Characters of prose that are left, in the measure of this module.
    """
    found: list[tuple[html.HtmlElement, int, str]] = []
    prose, kinds, headed = [0], [""], [False]
    comments, open_comments = 0, 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            kind = "" if element.tag in _NEVER else _kind_of(element)
            open_comments += kind == "comments"
            kinds.append(kind)
            prose.append(_prose(element.text))
            headed.append(element.tag == "h1")
            continue
        own, kind, has_heading = prose.pop(), kinds.pop(), headed.pop()
        # A standfirst may stand with the headline, in a banner.
        headed[-1] |= has_heading
        if element.tag not in _WITHOUT_PROSE:
            prose[-1] += own
            if kind and (kind == "site" or not has_heading):
                found.append((element, own, kind))
        prose[-1] += _prose(element.tail)
        if kind == "comments":
            open_comments -= 1
            comments += 0 if open_comments else own
    whole = left = prose[0]
    most = {"other": _MOST_PROSE * whole, "site": _MOST_PROSE * whole, "comments": whole}
    if comments > _MOST_COMMENTS * whole:
        most["comments"] = -1  # a forum
    gone: set[html.HtmlElement] = set()
    for element, own, kind in reversed(found):
        if own <= most[kind] and gone.isdisjoint(element.iterancestors()):
            left -= own
            gone.add(element)
    for element in gone:
        element.drop_tree()
    return left


def _kind_of(element: html.HtmlElement) -> str:
    """``comments``, ``site``, ``other``, or empty: the names say that it may be the story."""
    found = ""
    for attribute in ("class", "id", "role"):
        names = element.get(attribute)
        if names and len(names) <= _LONGEST_NAMES:
            kind = _kind(names)
            if kind == "story":
                return ""
            found = "comments" if "comments" in {kind, found} else kind or found
    return found


@lru_cache(maxsize=2**14)
def _kind(names: str) -> str:
    """What the value says: ``story``, ``comments``, ``site``, ``other``, or nothing."""
    if _STORY.search(words(names)):
        return "story"
    said = [words(name) for name in names.split()]
    said = [name for name in said if not _OF_LAYOUT.search(name)]
    if any(_COMMENTS.search(name) for name in said):
        return "comments"
    if any(_SITE.search(name) for name in said):
        return "site"
    return "other" if any(_OTHERS.search(name) for name in said) else ""


def _prose(text: str | None) -> int:
    return len(text) if text and len(text) >= _LEAST_PROSE else 0
