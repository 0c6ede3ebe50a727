"""From bytes to drafts of stories: one module for each format.

    bytes -> base.charset (decode) -> base.sniff (which format) -> feed | html | text … -> drafts

What several formats share stands in folders, each of which imports only those above it:

    base    characters, JSON, the parts of a mail, what a document is, limits
    lines   what a line of text is: dateline, credit, date, a page's furniture
    desk    what desks say in the text: embargoes, kills, notes
    fields  what wires state in fields: status, dates, codes
    web     HTML to blocks of text, in whatever it comes
    wire    the text wires' openings, frames and lines
    pasted  a text copied from a page: what stands above its story, where it ends
    page    a page's facts, body and pictures
    xml     the XML wires' tree, and its elements to blocks of text

What a document is, is read from its content: neither a file's name nor a declared media type
counts. No parser touches network or disk, expands an entity, or hands markup on.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable

from newswire.errors import InputTooLarge, MalformedInput, NoArticle
from newswire.formats.base.charset import decode, is_guess, refuse_binary
from newswire.formats.base.clean import without_controls
from newswire.formats.base.document import Document, Entries, Failure, Parsed, Parser
from newswire.formats.base.sniff import Opening, opening
from newswire.formats.table import FORMATS, Format
from newswire.limits import PARSE_MAX_BYTES, PARSE_MOST_BYTES, STORY_MAX_CHARS

_MOST_TEXT_BYTES = 4 * PARSE_MAX_BYTES + 1024
"""In memory, where one sign beyond U+FFFF makes each character take four bytes: what the default
limit lets through in any case."""
_FROM_TREE = tuple(known for known in FORMATS if known.from_tree)

__all__ = ["Document", "Entries", "Failure", "Parsed", "Parser", "parse"]


def parse(
    data: bytes,
    *,
    uri: str,
    declared: str | None = None,
    expect: str | None = None,
    max_bytes: int = PARSE_MAX_BYTES,
    max_chars: int = STORY_MAX_CHARS,
) -> Parsed:
    """Read every story of a document.

    Args:
        data: the document, after any decompression.
        uri: where it came from; the base of relative links, and never fetched.
        declared: the HTTP ``Content-Type``; only its ``charset`` counts.
        expect: the name of the one format that is wanted (``feed``, ``html``, ``text``); none: any.
        max_bytes: the largest document that is taken.
        max_chars: the longest body of one story; a text far beyond it is refused unread.

    Returns:
        The stories; for a feed also the entries that are none, with the reason of each.

    Raises:
        EmptyInput, BinaryInput, UnknownEncoding, MalformedInput, NoArticle, NoHeadline,
        InputTooLarge: why nothing can be read. The message doesn't name the source.
    """
    if len(data) > max_bytes:
        raise InputTooLarge(
            f"{len(data):,} bytes, over the limit of {max_bytes:,}",
            "raise NEWSWIRE_PARSE_MAX_BYTES if such documents are wanted",
        )
    if len(data) > PARSE_MOST_BYTES:
        raise InputTooLarge(
            f"{len(data):,} bytes, over the {PARSE_MOST_BYTES:,} that are parsed at most",
            "split it: memory would be many times its size",
        )
    refuse_binary(data)
    decoded, encoding = decode(data, declared)
    if sys.getsizeof(decoded) > _MOST_TEXT_BYTES:
        raise InputTooLarge(
            f"{len(decoded):,} characters that take {sys.getsizeof(decoded):,} bytes of memory, "
            f"over the {_MOST_TEXT_BYTES:,} that are parsed at most",
            "split it: memory would be many times its size",
        )
    text, beginning = decoded, opening(decoded, decoded)
    found = _recognise(_FROM_TREE, beginning)
    if found is None:
        text = without_controls(decoded, data if encoding == "utf-8" else None)
        if text is not decoded:
            beginning = opening(text, decoded)
        found = _recognise(FORMATS, beginning)
    if found is None:
        if beginning.is_xml and beginning.root is None:
            raise MalformedInput("begins as XML, but no element follows")
        raise NoArticle(f"{beginning.description}, a format that Newswire doesn't read")
    known, media_type = found
    if expect is not None and known.name != expect:
        raise MalformedInput(f"{media_type} where a {expect} was expected")
    document = Document(
        data=data,
        text=text,
        encoding=encoding,
        media_type=media_type,
        uri=uri,
        max_chars=max_chars,
    )
    entries = known.parser()(document)
    # Behind the end they are padding.
    if "\0" in decoded and (nuls := decoded.rstrip("\0").count("\0")):
        for draft in entries.drafts:
            draft.extra["nuls_dropped"] = nuls
    if is_guess(data, declared, encoding):
        for draft in entries.drafts:
            draft.extra["charset_guessed"] = encoding
    return Parsed(known.name, media_type, encoding, entries.drafts, entries.failures)


def _recognise(formats: Iterable[Format], beginning: Opening) -> tuple[Format, str] | None:
    """The first format that a document may be in, and its media type; ``None``: none of them."""
    for known in formats:
        media_type = known.match(beginning)
        if media_type is not None:
            return known, media_type
    return None
