"""RSS, RDF and Atom."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from newswire.errors import InputTooLarge, MalformedInput, NoArticle, NoHeadline
from newswire.formats import Parsed, parse
from newswire.stories.draft import Draft
from newswire.stories.model import Caption, Contributor, Link, PubStatus, Subject

DATA = Path(__file__).parent / "data" / "formats"
ITEM = "<item><title>{}</title><guid>{}</guid><description>It happened on Monday.</description>"


def read(data: bytes | str, uri: str = "https://wire.example/feed") -> Parsed:
    parsed = parse(data.encode() if isinstance(data, str) else data, uri=uri)
    assert parsed.format == "feed"
    return parsed


def rss(*items: str, head: str = "") -> str:
    return f'{head}<rss version="2.0"><channel><title>Wire</title>{"".join(items)}</channel></rss>'


def item(more: str = "", title: str = "A title of it", id: str = "1") -> str:
    return f"{ITEM.format(title, id)}{more}</item>"


def only(data: str) -> Draft:
    (draft,) = read(data).drafts
    return draft


@pytest.fixture(scope="module")
def bulletin() -> Parsed:
    return read((DATA / "rss.xml").read_bytes())


def test_an_rss_item_becomes_a_draft(bulletin: Parsed) -> None:
    draft = bulletin.drafts[0]
    assert bulletin.media_type == "application/rss+xml"
    assert (draft.id, draft.url) == ("norland:1", "https://wire.example/1")
    assert draft.headline == "Parliament passes carbon tax & rebate"
    assert (draft.byline, draft.provider) == ("Kari Weld", "Norland Wire")
    assert (draft.language, draft.rights) == ("en-GB", "Norland Wire 2024")
    assert draft.keywords == ["Politics", "Carbon tax"]
    assert draft.version is None
    assert draft.first_created == draft.version_created == datetime(2024, 5, 3, 7, 30, tzinfo=UTC)


def test_the_content_of_an_item_becomes_blocks(bulletin: Parsed) -> None:
    draft = bulletin.drafts[0]
    assert [(block.kind, block.text) for block in draft.body] == [
        ("paragraph", "Parliament passed a carbon tax on Friday."),
        ("crosshead", "LONG NIGHT"),
        ("paragraph", "The debate took nine hours & ended at dawn."),
        ("quote", "A tax on breathing."),
        ("table", "For\t101\nAgainst\t99"),
    ]
    assert (draft.dateline, draft.located) == ("LODEN (Reuters) -", "LODEN")
    assert draft.captions == [
        Caption(text="Deputies asleep.", credit="REUTERS/Jo Park"),
        Caption(text="The chamber at dawn", credit="Mira Tolland"),
    ]


def test_a_bad_entry_is_named_and_its_neighbours_go_on(bulletin: Parsed) -> None:
    assert len(bulletin.drafts) == 2
    assert [(failure.entry, type(failure.error)) for failure in bulletin.failures] == [
        ("norland:2", NoHeadline),
        ("norland:4", NoArticle),
    ]


def test_an_entry_without_a_title_is_headed_by_its_first_paragraph_as_an_alert_is() -> None:
    words = "The ferry to the island is back. It had lain in port for a week."
    draft = only(rss(f"<item><guid>1</guid><description>{words}</description></item>"))
    assert draft.headline == draft.body[0].text == words
    assert draft.extra["headline_from"] == "body"
    long = f"{words} " * 5
    draft = only(rss(f"<item><guid>1</guid><description>{long}</description></item>"))
    assert draft.headline == "The ferry to the island is back."


ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0">'
    "<title>Wire</title>{}</feed>"
)
GONE = (
    '<at:deleted-entry ref="tag:wire.example,2024:1" when="2024-05-03T12:00:00+02:00">'
    "<at:comment>Withdrawn: the photograph is another harbour's.</at:comment></at:deleted-entry>"
)


def test_an_entry_that_atom_says_is_deleted_is_withdrawn_beside_its_neighbours() -> None:
    entry = "<entry><id>2</id><title>A title</title><summary>Some words.</summary></entry>"
    for feed in (ATOM.format(entry + GONE), ATOM.format(GONE)):
        gone = read(feed).drafts[-1]
        assert (gone.id, gone.pub_status) == ("tag:wire.example,2024:1", PubStatus.CANCELED)
        assert gone.version_created == datetime(2024, 5, 3, 10, tzinfo=UTC)
        assert gone.ednote == "Withdrawn: the photograph is another harbour's."
        assert gone.body == []
    assert [draft.id for draft in read(ATOM.format(GONE + entry)).drafts] == [
        "2", "tag:wire.example,2024:1",
    ]  # fmt: skip


def test_what_a_broken_feed_deletes_can_not_be_told_and_that_is_said() -> None:
    entry = "<entry><id>2</id><title>A & b</title><summary>Some words.</summary></entry>"
    parsed = read(ATOM.format(GONE + entry))
    assert [draft.id for draft in parsed.drafts] == ["2"]
    (failure,) = parsed.failures
    assert failure.entry == "deleted entries"
    assert "deleted entries in XML that isn't well formed" in str(failure.error)


def test_a_body_that_is_only_a_summary_says_so(bulletin: Parsed) -> None:
    draft = bulletin.drafts[1]
    assert [block.text for block in draft.body] == ["The minister will speak at noon."]
    assert draft.extra["body_from"] == "summary"


def test_a_date_without_a_zone_is_taken_as_utc_and_said(bulletin: Parsed) -> None:
    draft = bulletin.drafts[1]
    assert draft.first_created == datetime(2024, 5, 3, 10, 0, tzinfo=UTC)
    assert draft.extra["dates_without_zone"] == ["first_created", "version_created"]


def test_an_atom_entry_becomes_a_draft() -> None:
    (draft,) = read((DATA / "atom.xml").read_bytes()).drafts
    assert (draft.id, draft.url) == ("tag:seeblatt.example,2024:1", "https://seeblatt.example/1")
    assert draft.headline == "Impfpflicht & Streit"
    assert draft.byline == "Mia Stahl, Theo Grant"
    assert (draft.provider, draft.language) == ("Agentur Nord", "de")
    assert draft.keywords == ["Impfung"]
    assert draft.links == [Link(rel="related", href="https://seeblatt.example/0")]
    assert draft.first_created == datetime(2024, 5, 2, 20, 0, tzinfo=UTC)
    assert draft.version_created == datetime(2024, 5, 3, 10, 0, tzinfo=UTC)
    assert len(draft.body) == 3


def test_an_rdf_feed_is_read() -> None:
    parsed = read(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        '<channel rdf:about="x"><title>Wire</title><dc:publisher>Agency</dc:publisher></channel>'
        '<item rdf:about="https://wire.example/1"><title>A title</title>'
        "<link>https://wire.example/1</link><dc:date>2024-05-03T10:00:00+02:00</dc:date>"
        "<description>It happened on Monday.</description></item></rdf:RDF>"
    )
    (draft,) = parsed.drafts
    assert parsed.media_type == "application/rdf+xml"
    assert (draft.id, draft.provider) == ("https://wire.example/1", "Agency")
    assert draft.version_created == datetime(2024, 5, 3, 8, 0, tzinfo=UTC)


def test_an_item_without_an_id_has_none_but_its_address() -> None:
    draft = only(rss("<item><title>A b</title><link>https://a.example/1</link>"
                     "<description>It happened.</description></item>"))  # fmt: skip
    assert (draft.id, draft.url) == (None, "https://a.example/1")


def test_a_guid_that_is_no_address_stays_as_it_is_stated() -> None:
    draft = only(rss(item(id="12345")))
    assert (draft.id, draft.url) == ("12345", None)


def test_relative_links_are_resolved_against_the_feeds_address() -> None:
    assert only(rss(item("<link>/stories/1</link>"))).url == "https://wire.example/stories/1"


def test_html_entities_that_xml_does_not_know_are_read() -> None:
    draft = only(rss(item(title="Caf&eacute; &nbsp; closes")))
    assert draft.headline == "Café closes"


def test_a_feed_that_is_cut_off_gives_the_entries_that_are_whole() -> None:
    whole = rss(item(id="1"), item(id="2"), item(id="3"))
    parsed = read(whole[: whole.rindex("<guid>3")])
    assert [draft.id for draft in parsed.drafts] == ["1", "2"]


@pytest.mark.parametrize("element", ["pubDate", "dc:date", "dcterms:created", "a:updated"])
def test_a_date_in_words_is_none_and_what_it_said_is_kept(element: str) -> None:
    names = 'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:a="http://www.w3.org/2005/Atom"'
    stated = f"<{element} {names}>last Tuesday, after lunch</{element}>"
    draft = only(rss(item(stated)))
    assert (draft.first_created, draft.version_created) == (None, None)
    assert draft.extra["date_unreadable"] == "last Tuesday, after lunch"


@pytest.mark.parametrize(
    "stated", ["1735812000", "2024/05/17", "10:00", "2024-13-45", "99999999", "2024", "-0312"]
)
def test_digits_that_are_no_date_are_none_whatever_can_be_made_of_them(stated: str) -> None:
    draft = only(rss(item(f"<pubDate>{stated}</pubDate>")))
    assert (draft.first_created, draft.version_created) == (None, None)
    assert draft.extra["date_unreadable"] == stated


@pytest.mark.parametrize("stated", ["2024-05-17T12:00:00.250+02:00", "2024-W20-5T10:00:00.250Z"])
def test_a_date_of_iso_8601_is_read_to_its_fraction(stated: str) -> None:
    draft = only(rss(item(f"<pubDate>{stated}</pubDate>")))
    assert draft.version_created == datetime(2024, 5, 17, 10, 0, 0, 250_000, tzinfo=UTC)


@pytest.mark.parametrize("end", ["</description>", "<content:encoded>Part of", "<item><title>N"])
def test_an_entry_that_is_cut_off_is_no_story_though_it_has_a_text(end: str) -> None:
    parsed = read(rss(item(id="1"), item(id="2")).rpartition("</item>")[0] + end)
    assert [draft.id for draft in parsed.drafts] == ["1"] + ["2"] * end.startswith("<item>")
    (failure,) = parsed.failures
    assert str(failure.error) == (
        "an entry without an end; the document seems to be cut off within it"
    )


@pytest.mark.parametrize(
    "reference",
    ["&#xD800;", "&#xdfff;", "&#x0DBFF;", "&#55296;", "&#57343;", "&#xD800",
     "&#1114112;", "&#x110000;", f"&#{'9' * 5_000};"],
)  # fmt: skip
def test_a_reference_to_no_character_is_a_lost_one_and_no_more(reference: str) -> None:
    parsed = read(rss(item(title=f"Café {reference} closes"), item(id="2")))
    assert parsed.drafts[0].headline == "Café \ufffd closes"
    assert (len(parsed.drafts), parsed.failures) == (2, [])


@pytest.mark.parametrize("reference", ["&#xE000;", "&#55295;", "&#57344;", "&#1114109;"])
def test_a_reference_beside_those_is_a_character(reference: str) -> None:
    assert "\ufffd" not in (only(rss(item(title=f"Café {reference}"))).headline or "")


@pytest.mark.parametrize(
    "data",
    [
        "<rss>hello there",
        "<rss version='2.0'><channel></rss>",
        "<rss><" + "<" * 1000,
        "<rss version='2.0'><channel><item><title>broken & <description></rss>",
    ],
)
def test_a_feed_that_is_not_xml_is_malformed(data: str) -> None:
    with pytest.raises(MalformedInput, match="well-formed XML") as caught:
        read(data)
    assert "\n" not in str(caught.value)


def test_a_feed_without_entries_is_no_article() -> None:
    with pytest.raises(NoArticle, match="without entries"):
        read(rss())


def test_a_feed_with_more_entries_than_any_has_is_refused() -> None:
    with pytest.raises(InputTooLarge, match="entries"):
        read(rss(*["<item/>"] * 20_001))


def test_an_entity_bomb_is_refused_and_not_expanded() -> None:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE rss [<!ENTITY l0 "lol">{levels}]>'
    with pytest.raises(MalformedInput, match="not expanded"):
        read(rss(item(title="&l9;"), head=bomb))


def test_one_long_entity_used_often_is_refused_too() -> None:
    bomb = f'<!DOCTYPE rss [<!ENTITY a "{"x" * 5_000}">]>'
    with pytest.raises(MalformedInput, match="not expanded"):
        read(rss(item(title="&a;" * 5_000), head=bomb))


def test_an_external_entity_is_never_loaded(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the secret of the house")
    doctype = f'<!DOCTYPE rss SYSTEM "{secret}" [<!ENTITY a SYSTEM "file://{secret}">]>'
    draft = only(rss(item(title="A title &a; of it"), head=doctype))
    assert "secret" not in str(vars(draft))


def test_a_harmless_entity_of_the_feed_is_put_in_its_place() -> None:
    doctype = '<!DOCTYPE rss [<!ENTITY euro "€"><!ENTITY % more SYSTEM "x.dtd">]>'
    assert only(rss(item(title="Fine of 5 &euro; &amp; more"), head=doctype)).headline == (
        "Fine of 5 € & more"
    )


def test_scripts_and_markup_of_an_item_reach_no_draft() -> None:
    hostile = "<![CDATA[<p onclick=x()>It happened.</p><script>alert(1)</script><style>a{}</style>"
    body = f"<description>{hostile}<iframe src=x></iframe><p>It ended.</p>]]></description>"
    draft = only(rss(f"<item><title>A title</title><guid>1</guid>{body}</item>"))
    assert [block.text for block in draft.body] == ["It happened.", "It ended."]


def test_utf_8_under_a_latin_1_declaration_gives_no_mojibake() -> None:
    head = '<?xml version="1.0" encoding="ISO-8859-1"?>'
    assert only(rss(item(title="Décès à Genève"), head=head)).headline == "Décès à Genève"


def test_the_charset_of_http_counts_for_a_feed() -> None:
    data = rss(item(title="Žluťoučký kůň")).encode("cp1250")
    parsed = parse(data, uri="x", declared="text/xml; charset=windows-1250")
    assert parsed.drafts[0].headline == "Žluťoučký kůň"


def test_a_category_of_iptcs_vocabularies_is_a_subject() -> None:
    categories = (
        '<category domain="http://cv.iptc.org/newscodes/mediatopic/">20000592</category>'
        "<category>medtop:20000065</category><category>Climate</category>"
    )
    draft = only(rss(item(categories)))
    assert draft.subjects == [Subject(qcode="medtop:20000592"), Subject(qcode="medtop:20000065")]
    assert draft.keywords == ["Climate"]


def test_an_atom_entry_names_its_contributors_and_when_it_ends() -> None:
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:dcterms="http://purl.org/dc/terms/">'
        "<title>Wire</title><entry><id>1</id><title>A title</title><summary>Words.</summary>"
        "<updated>2024-05-03T07:30:00Z</updated><author><name>Kari Weld</name></author>"
        "<contributor><name>Jo Park</name></contributor>"
        '<category term="20000592" label="taxation" '
        'scheme="http://cv.iptc.org/newscodes/mediatopic"/>'
        "<dcterms:valid>end=2024-06-03T00:00:00Z</dcterms:valid></entry></feed>"
    )
    draft = only(atom)
    assert draft.contributors == [Contributor(role="other", name="Jo Park")]
    assert draft.byline == "Kari Weld"
    assert draft.subjects == [Subject(qcode="medtop:20000592", name="taxation")]
    assert draft.expires == datetime(2024, 6, 3, tzinfo=UTC)
