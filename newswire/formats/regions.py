"""Regions of a page that are none of its story, known by the names that templates give them.

A name is a class, an id or a role. Templates name what they lay out: ``related-articles``,
``newsletter-signup``, ``authorBio``. The names are read as words, so that ``relatedArticles`` and
``related_articles`` are one, and a name counts only where little of the page's prose stands in it:
``has-sidebar`` may name the whole page.
"""

from __future__ import annotations

import re

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
    r"disclosures?|disclaimers?|copyright)\b"
)
_STORY = re.compile(
    r"\b(?:(?:entry|article|post|story|news|main|page|single) ?(?:content|body|text)|body ?text)\b"
)
_MOST_PROSE = 0.25
"""Share of the page's prose that a region may hold and still be what its name says."""
_MOST_COMMENTS = 0.5
_LEAST_PROSE = 40
"""Characters of a text outside links from which it counts as prose: menus have shorter ones."""
_COMMENTS = re.compile(
    r"\b(?:comments?|commentlist|commentform|disqus|kommentare?|comentarios|commentaires)\b"
)


def words(name: str) -> str:
    """A name as words in lower case, one space between two."""
    return " ".join(_WORD.findall(name)).lower()


def drop(root: html.HtmlElement) -> None:
    """Take the regions out of a page; its readers' comments only where they are not most of it."""
    found: list[tuple[html.HtmlElement, int, bool]] = []
    open_elements = [0]
    comments, open_comments = 0, 0
    known: dict[tuple[str, str, str], str] = {}
    for event, element in etree.iterwalk(root, events=("start", "end")):
        names = (element.get("class", ""), element.get("id", ""), element.get("role", ""))
        kind = ""
        if names != ("", "", "") and element.tag not in _NEVER:
            kind = known.get(names) or known.setdefault(names, _kind(names))
        if event == "start":
            open_comments += kind == "comments"
            open_elements.append(_prose(element.text))
            continue
        prose = open_elements.pop()
        if element.tag not in _WITHOUT_PROSE:
            open_elements[-1] += prose
            if kind in {"comments", "other"}:
                found.append((element, prose, kind == "comments"))
        open_elements[-1] += _prose(element.tail)
        open_comments -= kind == "comments"
        if kind == "comments" and not open_comments:
            comments += prose
    whole = open_elements[0]
    is_forum = comments > _MOST_COMMENTS * whole
    for element, prose, is_comments in reversed(found):
        if not is_forum if is_comments else prose <= _MOST_PROSE * whole:
            element.drop_tree()


def _kind(names: tuple[str, str, str]) -> str:
    """``story``, ``comments``, ``other``, or ``plain``: the names say nothing."""
    if _STORY.search(words(names[0])):
        return "story"
    said = [words(name) for name in " ".join(names).split()]
    said = [name for name in said if not _OF_LAYOUT.search(name)]
    if any(_COMMENTS.search(name) for name in said):
        return "comments"
    return "other" if any(_OTHERS.search(name) for name in said) else "plain"


def _prose(text: str | None) -> int:
    return len(text) if text and len(text) >= _LEAST_PROSE else 0
