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
_TEXTLESS = frozenset(("script", "style", "noscript", "template", "option", "title", "textarea"))
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_OF_LAYOUT = re.compile(r"\b(?:has|no|not|with|without|below|above|for|hide|wrap|wrapper|layout)\b")
"""In a name that says what stands near or what is left out: ``has-sidebar``, ``below-banner``."""

_OTHERS = re.compile(
    r"\b(?:related|relacionad[oa]s?|verwandt\w*|similar|recirc\w*|recommend\w*|recomendad\w+|"
    r"(?:more|read|lees|leia|lea|lire) (?:more|on|from|next|also|too|stories|news|articles|posts|"
    r"links|mas|mais|aussi|ook)|see also|also (?:read|like)|(?:may|might) (?:also )?like|"
    r"most (?:read|popular|viewed|commented|shared)|trending|popular|latest (?:news|stories|posts)|"
    r"top stories|up next|(?:next|prev|previous) (?:article|story|post)s?|post nav\w*|outbrain|"
    r"taboola|sponsor\w*|promos?|promoted|promotion|advert\w*|ads?|adsense|banner|"
    r"newsletters?|subscri\w+|sign ?up|signin|login|donat\w+|cta|"
    r"shar(?:e|es|ing|edaddy)|social|addtoany|addthis|follow us|followus|"
    r"comments?|commentlist|disqus|respond|kommentare?|comentarios|commentaires|"
    r"bio|biography|about (?:the )?author|author(?:s|box)?|bylines?|"
    r"tags|tag (?:list|links|cloud|items?)|taglist|tagcloud|keywords|topics|breadcrumbs?|"
    r"pagination|pager|nav|navigation|navbar|menu|toolbar|sidebar|"
    r"(?:entry|post|article|story|page) (?:meta|info|footer|tools|utility|actions)|timestamp|"
    r"(?:publish|published|post|pub|article) date|(?:read|reading) time|"
    r"cookies?|consent|gdpr|didomi|onetrust|"
    r"sr only|screen reader|visually hidden|visuallyhidden|no ?print|skip link|"
    r"disclosures?|disclaimers?|copyright)\b"
)
_MOST_TEXT = 0.25
"""Share of the page's text, links apart, that a region may hold and still be what its name says."""
_MOST_COMMENTS = 0.5
_COMMENTS = re.compile(r"\b(?:comments?|commentlist|disqus|kommentare?|comentarios|commentaires)\b")


def words(name: str) -> str:
    """A name as words in lower case, one space between two."""
    return " ".join(_WORD.findall(name)).lower()


def _share(names: tuple[str, str, str]) -> float:
    """The share of the page's text up to which an element of these names is none of its story."""
    most = 0.0
    for name in " ".join(names).split():
        said = words(name)
        if _OTHERS.search(said) and not _OF_LAYOUT.search(said):
            most = max(most, _MOST_COMMENTS if _COMMENTS.search(said) else _MOST_TEXT)
    return most


def drop(root: html.HtmlElement) -> None:
    """Take the regions out of a page."""
    found: list[tuple[html.HtmlElement, int, float]] = []
    lengths = [0]
    known: dict[tuple[str, str, str], float] = {}
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            lengths.append(len(element.text) if element.text else 0)
            continue
        length = lengths.pop()
        tag = element.tag
        tail = len(element.tail) if element.tail else 0
        if tag in _TEXTLESS or tag == "a":
            lengths[-1] += tail
            continue
        lengths[-1] += length + tail
        if tag in _NEVER:
            continue
        names = (element.get("class", ""), element.get("id", ""), element.get("role", ""))
        if names == ("", "", ""):
            continue
        most = known.get(names)
        if most is None:
            most = known[names] = _share(names)
        if most:
            found.append((element, length, most))
    whole = lengths[0]
    for element, length, most in reversed(found):
        if length <= most * whole:
            element.drop_tree()
