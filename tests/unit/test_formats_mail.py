"""E-mail: wires that come by mail, releases, forms; parts, character sets and bounds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from newswire.errors import InputTooLarge, NoArticle, NoHeadline
from newswire.formats import Parsed, parse
from newswire.stories.draft import Draft
from newswire.stories.model import PubStatus

TEXT = """\
NORVIK, Vinland - Fishermen in the northern port of Norvik voted on
Tuesday to end a strike that had kept the fleet in harbour for a month.

"We have what we came for," said their speaker, Ana Lindqvist, after
the count in the town hall.

-- \nJo Holm, press office, tel. +00 30 5550 0199
"""
WIRE = (
    "vna0412 3 e 211  vna 0409\r\n\r\nNorvik-strike/\r\nFleet to sail again =\r\n\r\n"
    "Norvik (vna) - The fleet sails again, the union said.\r\n\r\n141137 GMT Nov 23\r\n"
)
RSS = (
    "<rss version='2.0'><channel><title>Vinland News</title><item><title>Fleet to sail</title>"
    "<description>The fleet sails again, the union said on Friday.</description></item>"
    "</channel></rss>"
)


def mail(text: str | None = TEXT, **headers: str) -> EmailMessage:
    message = EmailMessage()
    fields = {
        "From": "Vinland Press Office <press@vinland.example>",
        "To": "desk@news.example",
        "Date": "Tue, 14 Nov 2023 12:37:00 +0100",
        "Message-ID": "<0412@vinland.example>",
        "Subject": "Norvik fleet to sail again",
    }
    for name, value in (fields | headers).items():
        message[name.replace("_", "-")] = value
    if text is not None:
        message.set_content(text)
    return message


def read(message: EmailMessage | bytes) -> Parsed:
    data = message if isinstance(message, bytes) else message.as_bytes()
    return parse(data, uri="imap://mail.example/inbox/1")


def only(message: EmailMessage | bytes) -> Draft:
    found = read(message)
    assert (found.format, len(found.drafts), found.failures) == ("mail", 1, [])
    return found.drafts[0]


def test_a_release_has_its_subject_for_a_headline() -> None:
    draft = only(mail())
    assert draft.headline == "Norvik fleet to sail again"
    assert draft.id == "0412@vinland.example"
    assert draft.version_created == datetime(2023, 11, 14, 11, 37, tzinfo=UTC)
    assert draft.provider == "Vinland Press Office"
    assert draft.byline is None
    assert [block.text.split()[-1] for block in draft.body] == ["month.", "hall."]


def test_neither_signature_nor_address_reaches_the_story() -> None:
    said = str(vars(only(mail())))
    assert "5550" not in said
    assert "press@" not in said
    assert "desk@" not in said


def test_a_persons_name_in_from_is_neither_byline_nor_provider() -> None:
    draft = only(mail(From="Jo Holm <jo@vinland.example>"))
    assert (draft.byline, draft.provider) == (None, None)
    assert draft.extra["mail"] == {"sender": "Jo Holm"}
    signed = only(mail(f"By Ana Lindqvist\n\n{TEXT}"))
    assert signed.byline == "By Ana Lindqvist"


@pytest.mark.parametrize(
    ("subject", "headline"),
    [
        ("Re: Fwd: Fleet to sail", "Fleet to sail"),
        ("[vna-releases] Fleet to sail", "Fleet to sail"),
        ("=?iso-8859-1?Q?F=E4hren_fahren?= =?iso-8859-1?Q?_wieder?=", "Fähren fahren wieder"),
        ("=?utf-8?B?RsOkaHJlbg==?= fahren", "Fähren fahren"),
        ("=?x-klingon?Q?Fleet_to_sail?=", "Fleet to sail"),
    ],
)
def test_the_subject_is_read_whatever_it_is_written_in(subject: str, headline: str) -> None:
    data = mail().as_bytes().replace(b"Norvik fleet to sail again", subject.encode(), 1)
    assert only(data).headline == headline


def test_a_subject_in_bare_bytes_is_read() -> None:
    data = mail().as_bytes().replace(b"Norvik fleet", "Fähren".encode("cp1252"), 1)
    assert only(data).headline == "Fähren to sail again"


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "iso-8859-15"])
@pytest.mark.parametrize("transfer", ["quoted-printable", "base64"])
def test_the_text_is_read_in_its_character_set(encoding: str, transfer: str) -> None:
    message = mail(None)
    text = "Zürich - Die Fähren fuhren am Dienstag über den See, während es stürmte."
    message.set_content(text, charset=encoding, cte=transfer)
    assert only(message).body[0].text.endswith("über den See, während es stürmte.")


def test_a_character_set_that_is_wrong_is_said_and_the_text_is_read() -> None:
    message = mail(None)
    message.set_content("Die Fähren fuhren über den See, während es stürmte. " * 3, charset="utf-8")
    data = message.as_bytes().replace(b'charset="utf-8"', b'charset="x-klingon"')
    draft = only(data)
    assert draft.body[0].text.startswith("Die Fähren fuhren über")
    assert draft.extra["mail"] == {
        "sender": "Vinland Press Office",
        "charset_wrong": "x-klingon",
    }


def test_of_two_forms_of_the_text_the_one_in_html_is_taken() -> None:
    message = mail()
    message.add_alternative(
        "<div><p>Fishermen in the northern port of Norvik voted on Tuesday to end a strike that had"
        " kept the fleet in harbour.</p><script>x()</script><h2>Count</h2><p>All of the votes were"
        " counted in the town hall, and nobody objected to the result.</p></div>",
        subtype="html",
    )
    draft = only(message)
    assert [block.kind for block in draft.body] == ["paragraph", "crosshead", "paragraph"]
    short = mail()
    short.add_alternative("<p>See the plain text.</p>", subtype="html")
    assert only(short).body[0].text.startswith("Fishermen")


def test_flowed_text_is_whole_lines_again() -> None:
    message = mail(None)
    text = "Fishermen voted on Tues \nday to end a strike.\n\nThe fleet sails on Friday.\n"
    message.set_content(text)
    message.replace_header("Content-Type", "text/plain; format=flowed; delsp=yes")
    assert [block.text for block in only(message).body] == [
        "Fishermen voted on Tuesday to end a strike.",
        "The fleet sails on Friday.",
    ]


def test_a_wire_in_the_text_is_read_by_its_own_format() -> None:
    draft = only(mail(WIRE, Subject="vna0412"))
    assert (draft.id, draft.headline) == ("vna0412", "Fleet to sail again")
    assert draft.version_created == datetime(2023, 11, 14, 11, 37, tzinfo=UTC)
    undated = only(mail(WIRE.replace("141137 GMT Nov 23", "")))
    assert undated.version_created == datetime(2023, 11, 14, 11, 37, tzinfo=UTC)


def attach_bytes(message: EmailMessage) -> None:
    message.add_attachment(WIRE.encode(), maintype="application", subtype="octet-stream")


def attach_text(message: EmailMessage) -> None:
    message.add_attachment(WIRE, filename="vna0412.txt")


def attach_message(message: EmailMessage) -> None:
    message.add_attachment(mail(WIRE, Subject="vna0412"))


@pytest.mark.parametrize("attach", [attach_bytes, attach_text, attach_message])
def test_an_attached_wire_is_the_story_and_the_mail_its_envelope(
    attach: Callable[[EmailMessage], None],
) -> None:
    message = mail("Please find today's copy attached.")
    attach(message)
    draft = only(message)
    assert (draft.id, draft.headline) == ("vna0412", "Fleet to sail again")
    assert "Please find" not in str(vars(draft))


def test_an_attached_feed_gives_its_stories_and_ids_of_their_own() -> None:
    message = mail("Two feeds.")
    for _ in range(2):
        message.add_attachment(RSS.encode(), maintype="application", subtype="rss+xml")
    assert [draft.id for draft in read(message).drafts] == [
        "0412@vinland.example#1",
        "0412@vinland.example#2",
    ]


def test_pictures_and_papers_are_named_and_the_text_is_the_story() -> None:
    message = mail()
    message.add_attachment(b"\xff\xd8\xff", maintype="image", subtype="jpeg", filename="boat.jpg")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="rules.pdf")
    message.add_attachment("Terms of use. No story.\n", filename="terms.txt")
    draft = only(message)
    assert draft.headline == "Norvik fleet to sail again"
    assert len(draft.body) == 2
    assert "boat.jpg" in str(draft.extra["mail"])


def test_the_text_that_is_attached_to_an_empty_mail_is_the_story() -> None:
    message = mail(" \n", Subject="Copy")
    message.add_attachment(f"Fleet to sail again after vote\n\n{TEXT}", filename="fleet.txt")
    assert only(message).headline == "Fleet to sail again after vote"
    message.add_attachment("Another text.\n", filename="other.txt")
    with pytest.raises(NoArticle, match="a mail without text"):
        read(message)


def test_a_broken_attachment_harms_no_neighbour() -> None:
    message = mail("Two feeds, one broken.")
    message.add_attachment(b"<rss><chan", maintype="text", subtype="xml", filename="broken.xml")
    message.add_attachment(RSS.encode(), maintype="text", subtype="xml", filename="whole.xml")
    found = read(message)
    assert [draft.headline for draft in found.drafts] == ["Fleet to sail"]
    assert [failure.entry for failure in found.failures] == ["attachment broken.xml"]


def test_a_form_that_was_filled_in_is_a_story() -> None:
    form = (
        '{"Headline":["Fleet to sail"],"Slugline":["NORVIK"],"Dateline":["OSTBY"],"Urgency":["3"],'
        '"Category":["DOMESTIC"],"Username":["jo@vinland.example"],"Timestamp":["5/5/2023\n14:11"],'
        '"Body":["The fleet sails again.\\n\\nThe union said so."]}'
    )
    draft = only(mail(form, Subject="Formatted Editorial Story"))
    assert (draft.headline, draft.slugline, draft.located) == ("Fleet to sail", "NORVIK", "OSTBY")
    assert (draft.urgency, len(draft.body)) == (3, 2)
    assert draft.extra["category"] == "DOMESTIC"
    assert "jo@" not in str(vars(draft))


def test_an_embargo_in_the_subject_or_the_text_is_the_storys() -> None:
    draft = only(mail(f"EMBARGOED UNTIL 1200 GMT 20 November 2023\n\n{TEXT}"))
    assert draft.embargoed_until == datetime(2023, 11, 20, 12, tzinfo=UTC)
    assert only(mail(Subject="EMBARGOED: fleet to sail")).pub_status is PubStatus.WITHHELD


def test_a_mail_without_a_subject_or_a_text_is_refused_in_one_line() -> None:
    with pytest.raises(NoHeadline, match="without a subject"):
        read(mail(Subject=""))
    with pytest.raises(NoArticle, match="without text"):
        read(mail(" \n"))


def test_each_mail_of_a_mailbox_is_read_and_a_broken_one_harms_none() -> None:
    mails = [mail(), mail(" \n"), mail(WIRE, Subject="vna0412")]
    box = b"\n".join(
        b"From vna@vinland.example Tue Nov 14 11:37:00 2023\n" + one.as_bytes() for one in mails
    )
    found = read(box)
    assert [draft.id for draft in found.drafts] == ["0412@vinland.example", "vna0412"]
    assert [failure.entry for failure in found.failures] == ["mail 2"]


def nested(depth: int) -> EmailMessage:
    message = mail(WIRE)
    for _ in range(depth):
        outer = mail("Forwarded.")
        outer.add_attachment(message)
        message = outer
    return message


def test_depth_and_number_of_parts_are_bounded() -> None:
    assert only(nested(3)).id == "vna0412"
    with pytest.raises(InputTooLarge, match="deeper than"):
        read(nested(12))
    crowded = mail("Many.")
    for number in range(250):
        crowded.add_attachment("x\n", filename=f"{number}.txt")
    with pytest.raises(InputTooLarge, match="200 parts"):
        read(crowded)
    with pytest.raises(InputTooLarge, match="elements and their ends"):
        read(mail(None, Content_Type="text/html").as_bytes() + b"<p>x" * 110_000)
    with pytest.raises(InputTooLarge, match="100 multiparts"):
        read(mail("boundary = x\n" * 101))


def test_a_text_that_quotes_a_header_is_no_mail() -> None:
    for text in (
        "Fleet to sail\n\nDate: Friday\nFrom: Norvik\nThe fleet sails again, the union said.\n",
        "From: Norvik\n\nFleet to sail again after vote\n\nThe fleet sails, the union said.\n",
    ):
        assert parse((text + TEXT).encode(), uri="x").format == "text"
