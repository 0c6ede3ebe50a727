"""NewsML 1.0 to 1.2: news items of components within components, one story or several to an item.

Source: NewsML 1.2 specification, https://iptc.org/std/NewsML/1.2/. The text stands as NITF, as bare
paragraphs, or as HTML in a string; components give a story in several languages, its title and
body apart, or the captions of its pictures.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy, deepcopy

from lxml import etree

from newswire.errors import InputTooLarge, NoArticle, ParseError
from newswire.formats.base.clean import language_tag, unique
from newswire.formats.base.document import Document, Entries, Failure
from newswire.formats.base.room import Room, refuse_crowd
from newswire.formats.fields import iptc, stated
from newswire.formats.xml import components
from newswire.formats.xml import copy as xmlcopy
from newswire.formats.xml import tree as xmltree
from newswire.formats.xml.components import Component
from newswire.formats.xml.tree import Children, attribute, by_name, child, children, text
from newswire.stories.draft import Draft
from newswire.stories.model import Contributor, Link

_NAMED_PARTS = frozenset(("title", "lead", "body"))
"""Roles of components that are parts of one story's text."""
_SUBJECTS = frozenset(("Subject", "SubjectMatter", "SubjectDetail", "SubjectQualifier"))
_WORDS = {"open": "usable"}
"""Spellings of a status beyond those that all formats share."""
_MOST_LINKS = 500
_MOST_STORIES = 100
"""Of one item: as many languages and parts as none has."""


def parse(document: Document) -> Entries:
    """Read every story of every item.

    Raises:
        MalformedInput, InputTooLarge: see :func:`xml.tree.read`.
        NoArticle: a document without items.
        InputTooLarge: also a document of more items, an item of more stories, or a story of more
            blocks, than any has.
    """
    root = xmltree.read(document)
    items = list(children(root, "NewsItem"))
    if not items:
        raise NoArticle("a NewsML document without items")
    refuse_crowd(len(items))
    room = Room()
    entries = Entries([])
    for number, item in enumerate(items, 1):
        try:
            drafts = _item(item)
        except ParseError as error:
            if len(items) == 1:
                raise
            known = text(child(item, "Identification", "NewsIdentifier", "PublicIdentifier"))
            entries.failures.append(Failure(known or f"item {number}", error))
        else:
            for draft in drafts:
                room.take(draft)
            entries.drafts.extend(drafts)
    return entries


def _item(item: etree._Element) -> list[Draft]:
    base = Draft(language=language_tag(_lang(item)))
    about = by_name(item)
    revision = _identify(base, by_name(about.first("Identification")))
    _manage(base, by_name(about.first("NewsManagement")), revision)
    outermost = about.first("NewsComponent")
    if outermost is None:
        return [base]
    top = Component.of(outermost)
    parts = _stories(top)
    if len(parts) > _MOST_STORIES:
        raise InputTooLarge(f"an item of {len(parts):,} stories, over the limit of {_MOST_STORIES}")
    drafts = []
    for number, part in enumerate(parts, 1):
        draft = _again(base) if len(parts) > 1 else base
        _component(draft, part, top)
        components.read(draft, part)
        if len(parts) > 1:
            _tell_apart(draft, part, number)
        xmlcopy.finish(draft)
        drafts.append(draft)
    return drafts


def _again(draft: Draft) -> Draft:
    """The same once more, to go its own way; what stands in its lists is frozen, and shared."""
    again = copy(draft)
    for key, held in vars(draft).items():
        if isinstance(held, list):
            setattr(again, key, held.copy())
    again.extra = deepcopy(draft.extra)
    return again


# --- which item, and how it may be used --------------------------------------------------------


def _identify(draft: Draft, identification: Children) -> str:
    """Set id, lineage and version.

    A public identifier ends with the revision, by the standard; an agency may write the same one
    in all of its items. Provider, date and item id tell an item from all others.

    Returns:
        What the identifier of any revision begins with, where it ends with the revision.
    """
    ids = by_name(identification.first("NewsIdentifier"))
    public, item = ids.text("PublicIdentifier"), ids.text("NewsItemId")
    revision = ids.text("RevisionId")
    parts = [part for part in (ids.text("ProviderId"), ids.text("DateId"), item) if part]
    composed = ":".join(["urn:newsml", *parts]) if item else ""
    draft.id = public or composed or None
    stated.set_version(draft, revision)
    draft.slugline = identification.text("NameLabel") or None
    for suffix in (f":{revision}{ids.attribute('RevisionId', 'Update')}", f":{revision}"):
        if revision and public.endswith(suffix):
            draft.lineage = public.removesuffix(suffix)
            previous = ids.attribute("RevisionId", "PreviousRevision")
            if previous not in {"", "0"}:
                draft.links.append(Link(rel="previous", href=f"{draft.lineage}:{previous}"))
            return draft.lineage
    if item and item not in public and composed != public:
        draft.lineage = composed
    return ""


def _manage(draft: Draft, meta: Children, revision: str) -> None:
    stated.set_date(draft, "first_created", meta.text("FirstCreated"))
    stated.set_date(draft, "version_created", meta.text("ThisRevisionCreated"))
    iptc.set_urgency(draft, meta.attribute("Urgency", "FormalName"))
    status = meta.attribute("Status", "FormalName")
    stated.set_status(draft, _WORDS.get(status.lower(), status))
    for change in meta.get("StatusWillChange", ()):
        _change(draft, status.lower(), change)
    for local, relation in (("AssociatedWith", "related"), ("DerivedFrom", "derived-from")):
        for reference in meta.get(local, ())[:_MOST_LINKS]:
            href = attribute(reference, "NewsItem")
            if href and href != revision:
                draft.links.append(Link(rel=relation, href=href))
    iptc.keep(draft, "news_item_type", [meta.attribute("NewsItemType", "FormalName")])
    iptc.keep(draft, "instruction", [meta.attribute("Instruction", "FormalName")])


def _change(draft: Draft, status: str, change: etree._Element) -> None:
    """A change of the status at a time: the end of an embargo, or of a story's use."""
    future = attribute(child(change, "FutureStatus"), "FormalName").lower()
    when = text(child(change, "DateAndTime"))
    if future == "usable" and status in {"embargoed", "withheld"}:
        stated.set_status(draft, "usable")
        stated.set_embargo(draft, when)
        if draft.embargoed_until is None:
            stated.withhold(draft)
    elif future in {"canceled", "withheld"}:
        stated.set_date(draft, "expires", when)


# --- which stories are in it -------------------------------------------------------------------


def _stories(top: Component) -> list[Component]:
    """The components that are stories: those made of a title and a body (Belga), the same story in
    several languages, else the outermost.
    """
    if not top.inner:
        return [top]
    parts = [
        part
        for part in top.inner
        if "NewsLines" in part.parts and any(named.role in _NAMED_PARTS for named in part.inner)
    ]
    return parts or _alternatives(top.inner) or _equivalents(top.element) or [top]


def _equivalents(top: etree._Element) -> list[Component]:
    """The stories of the first list of equivalents, however deep it stands."""
    for element in top.iterdescendants("{*}NewsComponent"):
        if element.get("EquivalentsList", "").lower() != "yes":
            continue
        parts = [
            part
            for part in children(element, "NewsComponent")
            if child(part, "NewsLines", "HeadLine") is not None
        ]
        # Most are the sizes of one picture, and have no headline.
        found = _alternatives(map(Component.of, parts)) if len(parts) > 1 else []
        if found:
            return found
    return []


def _alternatives(components: Iterable[Component]) -> list[Component]:
    """Those with a headline and a language, where the languages are several."""
    found = [
        (part, language)
        for part in components
        if child(part.parts.first("NewsLines"), "HeadLine") is not None
        and (language := _language(part))
    ]
    several = len({language for _, language in found}) > 1
    return [part for part, _ in found] if several else []


def _language(component: Component) -> str:
    language = child(component.parts.first("DescriptiveMetadata"), "Language")
    return attribute(language, "FormalName") or _lang(component.element)


def _lang(element: etree._Element) -> str:
    """``xml:lang``, whatever the prefix is bound to (Belga's software binds others)."""
    return next((value for key, value in element.items() if key.endswith("}lang")), "")


def _tell_apart(draft: Draft, part: Component, number: int) -> None:
    """Stories of one item share its identifiers: language and place tell them apart."""
    language = (draft.language or "").lower()
    mark = "-".join(filter(None, (language, part.role, str(number))))
    draft.lineage = f"{draft.lineage or draft.id}#{mark}"


# --- what it says of itself --------------------------------------------------------------------


def _component(draft: Draft, part: Component, top: Component) -> None:
    for component in (part, top):
        _lines(draft, component.parts.first("NewsLines"))
        _administrative(draft, component.parts.first("AdministrativeMetadata"))
        _descriptive(draft, component.parts.first("DescriptiveMetadata"))
        if part is top:
            break
    if part is top and draft.headline is None and "NewsLines" not in top.parts:
        within = top.element.iterdescendants
        _lines(draft, next(within("{*}NewsLines"), None))
        _administrative(draft, next(within("{*}AdministrativeMetadata"), None))
        _descriptive(draft, next(within("{*}DescriptiveMetadata"), None))
    draft.language = language_tag(_language(part)) or draft.language
    draft.provider = draft.provider or None


def _lines(draft: Draft, lines: etree._Element | None) -> None:
    meta = by_name(lines)
    draft.headline = draft.headline or meta.text("HeadLine") or None
    draft.byline = draft.byline or meta.text("ByLine") or None
    draft.dateline = draft.dateline or meta.text("DateLine") or None
    draft.credit = draft.credit or meta.text("CreditLine") or None
    draft.rights = draft.rights or meta.text("CopyrightLine") or meta.text("RightsLine") or None
    draft.slugline = meta.text("SlugLine") or draft.slugline
    draft.keywords = draft.keywords or unique([meta.text("KeywordLine")])
    iptc.keep(draft, "other_headlines", meta.texts("SubHeadLine"))
    iptc.keep(
        draft,
        "news_lines",
        [
            f"{attribute(child(line, 'NewsLineType'), 'FormalName')}: {said}"
            for line in meta.get("NewsLine", ())
            if (said := text(child(line, "NewsLineText")))
        ],
    )


def _administrative(draft: Draft, admin: etree._Element | None) -> None:
    meta = by_name(admin)

    def parties(local: str) -> list[str]:
        if local not in meta:
            return []
        return unique(
            [
                attribute(party, "FormalName")
                for element in meta[local]
                for party in children(element, "Party")
            ]
        )

    sources = parties("Source")
    provider = [*parties("Provider"), *sources]
    draft.provider = draft.provider or (provider[0] if provider else None)
    iptc.keep(draft, "sources", sources)
    people = [
        Contributor(role="other", name=person)
        for person in (*parties("Creator"), *parties("Contributor"))
    ]
    draft.contributors = list(dict.fromkeys([*draft.contributors, *people]))


def _descriptive(draft: Draft, descriptive: etree._Element | None) -> None:
    if descriptive is None:
        return
    places: dict[str, str] = {}
    keywords: list[str] = []
    others: list[str] = []
    for element in descriptive.iterdescendants():
        kind = xmltree.name(element)
        if kind in _SUBJECTS:
            iptc.add_subject(draft, attribute(element, "FormalName"))
        elif kind == "Property":
            key, value = attribute(element, "FormalName"), attribute(element, "Value")
            if key in {"City", "CountryArea", "Country"}:
                places.setdefault(key, value)
            elif key == "Keyword":
                keywords.append(value)
            elif value:
                others.append(f"{key}: {value}")
        elif kind == "Genre":
            iptc.keep(draft, "genres", [attribute(element, "FormalName")])
    where = [places[key] for key in ("City", "Country") if places.get(key)]
    draft.located = draft.located or ", ".join(where) or None
    draft.keywords = unique([*draft.keywords, *keywords])
    iptc.keep(draft, "properties", others)
