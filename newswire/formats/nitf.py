"""NITF 3: one story a document.

Source: NITF 3.6 specification, https://iptc.org/std/NITF/. Agencies disagree on where a fact
stands: each is read from the place that the standard has for it, then from those that agencies use.
"""

from __future__ import annotations

import re

from lxml import etree
from pydantic import JsonValue

from newswire.errors import NoArticle
from newswire.formats.base.clean import language_tag, unique
from newswire.formats.base.document import Document, Entries
from newswire.formats.fields import iptc, stated
from newswire.formats.lines.dates import read_date
from newswire.formats.xml import copy as xmlcopy
from newswire.formats.xml import inline
from newswire.formats.xml import tree as xmltree
from newswire.formats.xml.tree import Children, attribute, by_name, child, children, name, text
from newswire.stories.draft import Draft
from newswire.stories.model import Link, PubStatus

_TEMPLATE = re.compile("YYYY|yyyy|0000-?00-?00")
_IDENTIFIED = {"person": "persons", "org": "organisations", "location": "places", "event": "events"}
_SUBJECT_NAMES = ("tobject.subject.detail", "tobject.subject.matter", "tobject.subject.type")


def parse(document: Document) -> Entries:
    """Read the story of an NITF document.

    Raises:
        MalformedInput, InputTooLarge: see :func:`xml.tree.read`.
        NoArticle: it has neither a headline nor a text.
    """
    root = xmltree.read(document)
    draft = read(root)
    if not draft.body and not draft.headline and draft.pub_status is PubStatus.USABLE:
        raise NoArticle("an NITF document without a headline and a text")
    xmlcopy.finish(draft)
    return Entries([draft])


def read(root: etree._Element) -> Draft:
    """The story of an element ``nitf``."""
    head = child(root, "head")
    docdata = child(head, "docdata")
    draft = Draft()
    draft.language = language_tag(root.get("baselang") or root.get(xmltree.XML_LANG))
    if docdata is not None:
        _docdata(draft, docdata)
    _head(draft, head)
    found = inline.read(root)
    iptc.keep(draft, "other_headlines", [found.subheadline])
    draft.credit = found.credit or draft.credit
    xmlcopy.take(draft, found)
    return draft


def _docdata(draft: Draft, docdata: etree._Element) -> None:
    meta = by_name(docdata)
    of = meta.attribute
    draft.id = of("doc-id", "id-string") or None
    stated.set_version(draft, of("du-key", "version") or of("doc-id", "version"))
    draft.slugline = of("du-key", "key") or None
    iptc.set_urgency(draft, of("urgency", "ed-urg"))
    issued, released = of("date.issue", "norm"), of("date.release", "norm")
    stated.set_date(draft, "version_created", issued or released)
    stated.set_date(draft, "expires", of("date.expire", "norm"))
    _status(draft, docdata.get("management-status", ""), issued, released)
    iptc.set_ednote(draft, [attribute(one, "info") for one in meta.get("ed-msg", ())])
    holder = of("doc.copyright", "holder")
    draft.credit = holder or None
    draft.rights = f"© {holder} {of('doc.copyright', 'year')}".strip() if holder else None
    draft.provider = of("doc-id", "regsrc") or _source(meta) or holder or None
    draft.located = of("evloc", "city") or of("evloc", "state-prov") or None
    draft.keywords = unique(
        [
            attribute(keyword, "key")
            for keywords in meta.get("key-list", ())
            for keyword in children(keywords, "keyword")
        ]
    )
    iptc.keep(draft, "series", [of("series", "series.name"), of("fixture", "fix-id")])
    scopes = [attribute(scope, "scope") for scope in meta.get("doc-scope", ())]
    iptc.keep(draft, "scopes", scopes)
    identified = by_name(meta.first("identified-content"))
    for local, key in _IDENTIFIED.items():
        known = identified.get(local, ())
        iptc.keep(draft, key, [text(one) or attribute(one, "value") for one in known])
    draft.links = [
        Link(rel="previous", href=attribute(one, "id-string"))
        for one in meta.get("correction", ())
        if attribute(one, "id-string") and attribute(one, "id-string") != draft.id
    ]


def _status(draft: Draft, status: str, issued: str, released: str) -> None:
    """Status and embargo. ``embargoed`` is a hold until the release; and a release after the issue
    is an embargo, whatever the status.
    """
    is_held = status.strip().lower() == "embargoed"
    stated.set_status(draft, "usable" if is_held else status.strip())
    if _TEMPLATE.match(released):
        released = ""  # a form that nobody filled in
    release, issue = read_date(released), read_date(issued)
    is_later = release is not None and (issue is None or release[0] > issue[0])
    if is_held or is_later or (released and release is None):
        if released:
            stated.set_embargo(draft, released)
        else:
            stated.withhold(draft)


def _source(meta: Children) -> str:
    return attribute(child(meta.first("del-list"), "from-src"), "src-name")


def _head(draft: Draft, head: etree._Element | None) -> None:
    meta: dict[str, JsonValue] = {}
    for element in head if head is not None else ():
        kind = name(element)
        if kind == "tobject":
            _tobject(draft, element)
        elif kind == "meta" and attribute(element, "content"):
            meta[attribute(element, "name")] = attribute(element, "content")
    if meta:
        draft.extra["meta"] = meta
    pubdata = child(head, "pubdata")
    if draft.version_created is None:
        stated.set_date(draft, "version_created", attribute(pubdata, "date.publication"))


def _tobject(draft: Draft, tobject: etree._Element) -> None:
    for subject in children(tobject, "tobject.subject"):
        names = (attribute(subject, key) for key in _SUBJECT_NAMES)
        known = next(filter(None, names), "")
        iptc.add_subject(draft, attribute(subject, "tobject.subject.refnum"), known)
    properties = [
        attribute(one, "tobject.property.type") for one in children(tobject, "tobject.property")
    ]
    iptc.keep(draft, "genres", properties)
