"""What an Atom feed says of entries that are no more (RFC 6721, "deleted-entry").

feedparser passes over them.
"""

from __future__ import annotations

import re

from lxml import etree

from newswire.errors import InputTooLarge, MalformedInput
from newswire.formats.base.clean import one_line
from newswire.formats.base.xmlparser import SAFE
from newswire.formats.fields import stated
from newswire.stories.draft import Draft
from newswire.stories.model import PubStatus

_NAMESPACE = "http://purl.org/atompub/tombstones/1.0"
_DELETED = f"{{{_NAMESPACE}}}deleted-entry"
_COMMENT = f"{{{_NAMESPACE}}}comment"
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>\s*")
_MOST = 20_000
"""As entries of a feed: each withdraws a story."""


def read(text: str) -> list[Draft]:
    """A withdrawal for each deleted entry, in order; none for a feed that deletes nothing.

    Args:
        text: the feed, without a DOCTYPE.

    Raises:
        MalformedInput: the feed isn't well formed, so that what it deletes can't be told.
        InputTooLarge: more of them than any feed has.
    """
    if _NAMESPACE not in text or "deleted-entry" not in text:
        return []
    try:
        data = _DECLARATION.sub("", text).encode("utf-8")
        root = etree.fromstring(data, etree.XMLParser(**SAFE))
    except etree.XMLSyntaxError as error:
        raise MalformedInput(
            f"deleted entries in XML that isn't well formed: {error.msg}"
        ) from None
    deleted = [_withdrawal(element) for element in root.iterchildren(_DELETED)]
    if len(deleted) > _MOST:
        raise InputTooLarge(f"{len(deleted):,} deleted entries, over the limit of {_MOST:,}")
    return [draft for draft in deleted if draft.id]


def _withdrawal(element: etree._Element) -> Draft:
    draft = Draft(id=one_line(element.get("ref")) or None, pub_status=PubStatus.CANCELED)
    stated.set_date(draft, "version_created", element.get("when") or "")
    stated.set_note(draft, element.findtext(_COMMENT) or "")
    return draft
