"""E-mail: a wire that comes by mail, attached or as its text; a release; a form that was filled in.

    mail -> attached wires | a wire in the text | a form | subject and text

A wire is read by its own format; the mail around it is but an envelope. Where there is none, the
subject is the headline and the text the body. Who sent it is no byline, and an address reaches no
field: the copy says who wrote it, or nobody does.
"""

from __future__ import annotations

import hashlib
import json
import re
from email.utils import parseaddr

from pydantic import JsonValue

from newswire.errors import InputTooLarge, NoArticle, NoHeadline, ParseError
from newswire.formats import Parsed
from newswire.formats import parse as parse_any
from newswire.formats.base.clean import language_tag, one_line
from newswire.formats.base.document import Document, Entries, Failure
from newswire.formats.base.mailparts import Attachment, Mail, Text, read_mail, without_signature
from newswire.formats.base.sniff import opening
from newswire.formats.desk import signals
from newswire.formats.lines import furniture, wirecopy
from newswire.formats.lines.dates import read_date, without_zone
from newswire.formats.web import markup
from newswire.formats.wire import openings
from newswire.formats.wire.text import paragraphs
from newswire.stories.draft import Draft

_NO_WIRES = frozenset(("text", "html", "mail"))
"""What is attached in these is a note or a terms sheet as often as a story."""
_READ = re.compile(
    r"text/(?!css|calendar|x-vcard|vcard)|.*[/+](?:xml|json)$|application/octet-stream"
)
_BETWEEN_MAILS = re.compile(
    rb"\r?\n\r?\n(?=From \S+ +[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d[^\n]*\n[A-Z][\w-]*:)"
)
_MOST_MAILS = 5_000
_MOST_SIGNS = 100_000
"""As many elements as the largest page for an article, and their ends."""
_PREFIXES = re.compile(r"(?:(?:re|fwd?|aw|wg|tr)\s*:\s*)+|\[[^\]]{1,40}\]\s*", re.IGNORECASE)
_ORGANISATION = re.compile(
    r"\b(?:news|press|media|agency|wire|desk|newsroom|office|service|ministry|department|board|"
    r"group|team|ltd|inc|gmbh|plc|university|council|party|union|association|federation)\b|@",
    re.IGNORECASE,
)


def parse(document: Document) -> Entries:
    """Read the stories of a mail, or of each in a mailbox (mbox).

    Raises:
        NoArticle, NoHeadline: it holds none.
        MalformedInput, InputTooLarge: it can't be taken apart.
    """
    mails = _BETWEEN_MAILS.split(document.data)
    if len(mails) == 1:
        return _stories(read_mail(document.data), document)
    if len(mails) > _MOST_MAILS:
        raise InputTooLarge(f"{len(mails):,} mails, over the limit of {_MOST_MAILS:,}")
    entries = Entries([])
    for number, data in enumerate(mails, 1):
        try:
            found = _stories(read_mail(data), document)
        except ParseError as error:
            digest = hashlib.sha256(data).hexdigest()
            entries.failures.append(Failure(f"mail {number}", error, digest))
        else:
            entries.drafts.extend(found.drafts)
            entries.failures.extend(found.failures)
    return entries


def _stories(mail: Mail, document: Document) -> Entries:
    entries = Entries([])
    for number, attachment in enumerate(mail.attachments, 1):
        name = f"attachment {attachment.name or number}"
        try:
            found = _attached(attachment, document)
        except ParseError as error:
            entries.failures.append(Failure(name, error))
            continue
        if found is not None:
            entries.drafts.extend(found.drafts)
            entries.failures.extend(found.failures)
    if not entries.drafts:
        try:
            inside = _of_text(mail, document)
        except ParseError:
            # What is attached and broken is what the mail was sent for.
            if len(entries.failures) == 1:
                raise entries.failures[0].error from None
            if not entries.failures:
                raise
        else:
            entries.drafts.extend(inside.drafts)
            entries.failures.extend(inside.failures)
    _complete(mail, entries.drafts)
    return entries


def _attached(attachment: Attachment, document: Document) -> Entries | None:
    """The stories of an attached wire or message; ``None``: it is neither."""
    if attachment.message is not None:
        return _stories(attachment.message, document)
    if not _READ.match(attachment.media_type) or not attachment.data.strip():
        return None
    if openings.begins_as_mail(attachment.data[:4096].decode("latin-1")):
        # As bytes it would be taken apart anew at each level.
        return None
    structured = attachment.media_type.endswith(("xml", "json"))
    try:
        found = _wire(attachment.data, document, attachment.declared)
    except ParseError:
        if structured:
            raise
        return None
    return None if found is None else Entries(found.drafts, found.failures)


def _wire(data: bytes, document: Document, declared: str | None) -> Parsed | None:
    """The stories of bytes that are a wire; ``None``: they are a text or a page."""
    found = parse_any(
        data,
        uri=document.uri,
        declared=declared,
        max_bytes=4 * len(document.data),  # in UTF-8 it may be longer than it was sent
        max_chars=document.max_chars,
    )
    return None if found.format in _NO_WIRES else found


# --- the mail's own text -----------------------------------------------------------------------


def _of_text(mail: Mail, document: Document) -> Entries:
    if not mail.texts:
        return _of_file(mail, document)
    for text in mail.texts:
        if text.is_html:
            continue
        form = _form(text.text)
        if form is not None:
            return Entries([_of_form(form)])
        if _may_be_wire(text.text):
            try:
                found = _wire(text.text.encode("utf-8", "replace"), document, None)
            except ParseError:
                continue
            if found is not None:
                return Entries(found.drafts, found.failures)
    return Entries([_of_release(mail)])


def _of_file(mail: Mail, document: Document) -> Entries:
    """Where the mail itself says nothing, the one text or page that is attached is the story."""
    files = [one for one in mail.attachments if one.media_type in {"text/plain", "text/html"}]
    if len(files) != 1 or openings.begins_as_mail(files[0].data[:4096].decode("latin-1")):
        raise NoArticle("a mail without text", "a story needs a headline and a body")
    found = parse_any(
        files[0].data,
        uri=document.uri,
        declared=files[0].declared,
        max_chars=document.max_chars,
    )
    return Entries(found.drafts, found.failures)


def _may_be_wire(text: str) -> bool:
    if text.lstrip()[:1] in {"<", "{", "["}:
        return True
    signs = (openings.IPTC_7901, openings.ANPA_1312, openings.ZCZC)
    framed = any(sign.match(text) for sign in signs)
    return framed or openings.is_agency_text(opening(text, text)) is not None


def _of_release(mail: Mail) -> Draft:
    draft = Draft(headline=_PREFIXES.sub("", mail.header("subject")).strip() or None)
    for text in mail.texts:
        content = _html(text) if text.is_html else _plain(text)
        draft.body += content.blocks
        draft.captions += content.captions
    if draft.headline is None:
        raise NoHeadline("a mail without a subject", "the subject is the headline")
    if draft.body and one_line(draft.body[0].text).casefold() == draft.headline.casefold():
        del draft.body[0]
    if draft.body and furniture.is_byline(draft.body[0].text):
        draft.byline = draft.body.pop(0).text
    if not draft.body:
        raise NoArticle("a mail without text under its subject")
    signals.apply(draft)
    wirecopy.apply(draft)
    return draft


def _html(text: Text) -> markup.Content:
    signs = text.text.count("<")
    if signs > _MOST_SIGNS:
        raise InputTooLarge(
            f"a mail of {signs:,} elements and their ends, over the limit of {_MOST_SIGNS:,}"
        )
    return markup.fragment(text.text)


def _plain(text: Text) -> markup.Content:
    """The paragraphs, without the sender's signature and what is quoted of other mails."""
    own = without_signature(text.text).split("\n")
    return markup.Content(paragraphs(line for line in own if not line.startswith(">")))


def _complete(mail: Mail, drafts: list[Draft]) -> None:
    """What the envelope says, where the copy doesn't: id, date, language, provider."""
    identifier = mail.header("message-id").strip("<> ")
    stated = read_date(mail.header("date"))
    name, _ = parseaddr(mail.header("from"))
    sender = one_line(name).strip("\"' ")
    organisation = mail.header("organization") or (sender if _ORGANISATION.search(sender) else "")
    for number, draft in enumerate(drafts):
        if draft.id is None and identifier:
            draft.id = identifier if len(drafts) == 1 else f"{identifier}#{number + 1}"
        if draft.version_created is None and draft.first_created is None and stated is not None:
            draft.version_created = stated[0]
            if not stated[1]:
                without_zone(draft, "version_created")
        draft.language = draft.language or language_tag(mail.header("content-language"))
        draft.provider = draft.provider or organisation or None
        envelope: dict[str, JsonValue] = {
            "sender": "" if "@" in sender else sender,
            "charset_wrong": ", ".join(mail.doubtful),
            "attachments": [
                {"name": one.name, "media_type": one.media_type} for one in mail.attachments
            ],
        }
        if any(envelope.values()):
            draft.extra["mail"] = {key: value for key, value in envelope.items() if value}


# --- a form ------------------------------------------------------------------------------------


def _form(text: str) -> dict[str, str] | None:
    """The answers of a form that was sent as one JSON object of lists; names in lower case."""
    if not text.lstrip().startswith("{"):
        return None
    try:
        # A mailer breaks lines inside strings.
        found = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    answers = {
        name.lower(): "\n\n".join(part for part in value if isinstance(part, str))
        for name, value in found.items()
        if isinstance(value, list)
    }
    return answers if answers.get("body") and len(answers) == len(found) else None


_OF_FORM = ("category", "genre", "place", "desk", "abstract", "sign off", "legal flag", "priority")


def _of_form(answers: dict[str, str]) -> Draft:
    draft = Draft(
        headline=one_line(answers.get("headline")) or None,
        slugline=one_line(answers.get("slugline")) or None,
        byline=one_line(answers.get("byline")) or None,
        located=one_line(answers.get("dateline")) or None,
        body=paragraphs(answers["body"].split("\n")),
    )
    urgency = one_line(answers.get("urgency") or answers.get("priority"))
    if re.fullmatch("[1-9]", urgency):
        draft.urgency = int(urgency)
    draft.extra = {
        name.replace(" ", "_"): value for name in _OF_FORM if (value := one_line(answers.get(name)))
    }
    if draft.headline is None:
        raise NoHeadline("a form without a headline")
    if not draft.body:
        raise NoArticle("a form without a text")
    signals.apply(draft)
    wirecopy.apply(draft)
    return draft
