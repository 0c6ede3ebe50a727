"""What is taken out of a page before its body is looked for, and what is put back."""

from __future__ import annotations

import pytest

from newswire.errors import NoArticle
from newswire.formats import parse
from newswire.formats.lines import stock
from newswire.formats.page import outline, regions
from newswire.formats.page import pictures as pagepictures
from newswire.formats.web import markup
from newswire.stories.draft import Draft
from newswire.stories.model import Block, Caption

PARAGRAPHS = (
    "The council of the harbour town voted on Monday to close the road to lorries.",
    "It had argued for a year, and the hauliers have promised to go to court over it.",
    "The mayor said that nobody would be ruined, and that the noise would end at last.",
)
BODY = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
TITLE = "Harbour road closes to lorries"


def read(body: str, head: str = "") -> Draft:
    page = f"<html><head><title>{TITLE}</title>{head}</head><body>{body}</body></html>"
    (draft,) = parse(page.encode(), uri="https://courier.example/story").drafts
    return draft


def texts(draft: Draft) -> list[str]:
    return [block.text for block in draft.body]


def left(body: str) -> str:
    root = markup.document(f"<html><body>{body}</body></html>")
    assert root is not None
    regions.drop(root)
    return root.text_content()


@pytest.mark.parametrize(
    "names",
    [
        'class="related-articles"',
        'class="relatedArticles"',
        'id="newsletter_signup"',
        'class="box author-bio"',
        'class="social-share"',
        'class="tags"',
        'role="navigation"',
        'class="lee-tambien"',
        'class="article-meta"',
        'class="pull-quote"',
        'class="modal fade"',
    ],
)
def test_a_region_named_as_furniture_is_no_story(names: str) -> None:
    assert "Ferry" not in left(f"{BODY}<div {names}><p>Ferry line cuts its timetable.</p></div>")


@pytest.mark.parametrize(
    "names",
    [
        'class="has-sidebar"',
        'class="story-wrap below-banner"',
        'class="post tag-harbour"',
        'class="entry-content entry-content-read-more"',
        'class="text"',
    ],
)
def test_a_name_that_speaks_of_something_else_drops_nothing(names: str) -> None:
    assert "Ferry" in left(f"{BODY}<div {names}><p>Ferry line cuts its timetable.</p></div>")


def test_a_region_with_most_of_the_prose_is_the_story_whatever_its_name() -> None:
    assert PARAGRAPHS[0] in left(f'<div class="promo">{BODY}</div>')


def test_readers_comments_go_and_a_forum_keeps_its_posts() -> None:
    comments = "".join(f'<div class="comment"><p>{text}</p></div>' for text in PARAGRAPHS[1:])
    prose = f"<p>{PARAGRAPHS[0]}</p>" * 4
    assert PARAGRAPHS[1] not in left(f'{prose}<section id="comments">{comments}</section>')
    assert PARAGRAPHS[1] in left(f'<section id="comments">{comments}</section>')


def test_a_banner_with_the_headline_is_the_storys_and_the_sites_head_is_not() -> None:
    assert STANDFIRST in left(f'<div class="banner"><h1>{TITLE}</h1>{STANDFIRST}</div>{BODY}')
    assert "Courier" not in left(f'<div class="site-header"><h1>The Courier</h1></div>{BODY}')


def test_the_prose_that_is_left_is_counted() -> None:
    root = markup.document(f'<body>{BODY}<div class="promo"><p>{PARAGRAPHS[0]}</p></div></body>')
    assert root is not None
    assert regions.drop(root) == sum(map(len, PARAGRAPHS))


STANDFIRST = "Hauliers speak of ruin, the mayor of quiet nights: a year of quarrels ends."


@pytest.mark.parametrize(
    "mark",
    [
        f'<h2 class="article__subtitle">{STANDFIRST}</h2>',
        f'<div class="lead"><p>{STANDFIRST}</p></div>',
        f'<div class="field--name-field-abstract">{STANDFIRST}</div>',
    ],
)
def test_a_standfirst_between_headline_and_body_is_the_first_paragraph(mark: str) -> None:
    draft = read(f"<header><h1>{TITLE}</h1>{mark}</header><article>{BODY}</article>")
    assert texts(draft) == [STANDFIRST, *PARAGRAPHS]


def test_a_standfirst_without_a_name_is_known_by_the_pages_description() -> None:
    described = f'<meta name="description" content="{STANDFIRST[:60]}">'
    more = [f"Part {i} of the plan says what the town will build there." for i in range(9)]
    body = BODY + "".join(f"<p>{text}</p>" for text in more)
    page = f"<header><h1>{TITLE}</h1><p>{STANDFIRST}</p></header><article>{body}</article>"
    assert texts(read(page, described)) == [STANDFIRST, *PARAGRAPHS, *more]
    assert texts(read(page)) == [*PARAGRAPHS, *more]


@pytest.mark.parametrize(
    "above",
    [
        f"<div class='intro'>{TITLE}: more on this as the council meets again today</div>",
        f"<h1>{TITLE}</h1><p class='intro'><a href='/f'>{STANDFIRST}</a></p>",
        f"<h1>{TITLE}</h1><a href='/f'><p class='intro'>{STANDFIRST}</p></a>",
        f"<h1>{TITLE}</h1><nav><p class='intro'>{STANDFIRST}</p></nav>",
        f"<h1>The Courier</h1><p class='intro'>{STANDFIRST}</p><h2>{TITLE}</h2>",
        f"<p class='intro'>{STANDFIRST}</p><h1>{TITLE}</h1>",
    ],
)
def test_what_stands_above_the_headline_or_leads_elsewhere_is_no_standfirst(above: str) -> None:
    root = markup.document(f"<body>{above}{BODY}</body>")
    assert root is not None
    blocks = [Block(text=text) for text in PARAGRAPHS]
    assert outline.completed(root, TITLE, "", blocks) == blocks


@pytest.mark.parametrize(
    "line",
    [
        "Read also: Ferry line cuts its timetable",
        "Lea también: La línea de ferry reduce su horario",
        "À lire aussi » Le ferry réduit ses horaires",
        "Czytaj też: Prom skraca rozkład",
        "Mehr zum Thema",
        "RELATED STORIES",
        "Sign up for our morning newsletter",
        "Never miss the latest news by signing up to our newsletter today!",
        "For the latest stories download the Courier app for iOS and Android.",
        "Follow the Courier on Facebook and @courier",
        "Suscríbete a nuestro boletín",
        "© 2024 The Lakeland Courier",
        "This article was first published in The Lakeland Courier. All rights reserved.",
        "Todos los derechos reservados",
        "Crédits photos : Jo Park",
        "3 comments",
    ],
)
def test_what_is_printed_in_every_story_is_none_of_it(line: str) -> None:
    assert stock.is_stock(line)
    assert line not in texts(read(f"<article>{BODY}<p>{line}</p><p>{PARAGRAPHS[0]} Yes.</p>"))


@pytest.mark.parametrize(
    "line",
    [
        "Read the bill aloud: that is what the speaker asked of the clerk on Monday.",
        "The mayor said that readers should subscribe to the idea of a quiet town.",
        "More than half of the hauliers have already left the town for good.",
        "Ver la ciudad arder fue duro, dijo el alcalde.",
        "See no evil, the hauliers answered when they were asked about the noise.",
        "The app was downloaded by two million people on its first day.",
        "Copyright law was the subject of the debate that followed on Tuesday.",
        "Signing up for the Pro edition is easy, the app asks for an e-mail address only.",
        "Contact tracing apps were downloaded by two million people on the first day.",
        "Share prices of Facebook fell by three percent on Monday.",
        "Support for members of the union grew through the winter.",
        "Follow-up emails showed that the council had known of the noise.",
        "Get the vote out, the mayor wrote in an email to the members of the party.",
        "Lee: I never saw the plan before it was printed.",
        "This report was published by the ministry on Monday, a day before the vote.",
        "Follow the money, the auditor told the council when it asked where to look.",
    ],
)
def test_a_sentence_of_the_story_is_never_stock(line: str) -> None:
    assert not stock.is_stock(line)


def test_a_caption_known_by_its_name_stands_apart() -> None:
    picture = (
        '<div class="image"><img src="/a.jpg"><p class="image-caption">The road, seen in April. '
        '<span class="credit">Jo Park/Courier</span></p></div>'
    )
    draft = read(f"<article><p>{PARAGRAPHS[0]}</p>{picture}{BODY}</article>")
    assert draft.captions == [Caption(text="The road, seen in April.", credit="Jo Park/Courier")]
    assert "April" not in "".join(texts(draft))


def test_a_name_like_a_captions_without_a_picture_is_text() -> None:
    root = markup.document(f'<body><div><p class="caption">{PARAGRAPHS[0]}</p></div></body>')
    assert root is not None
    assert pagepictures.take(root) == []
    assert PARAGRAPHS[0] in root.text_content()


def test_a_long_page_of_which_little_is_found_is_read_again() -> None:
    parts = "".join(
        f'<li class="fold"><header><h3>Part {i}</h3></header><div class="fold_body"><p>Part {i} of '
        f"the plan says what the town will build there, and what it will cost.</p></div></li>"
        for i in range(30)
    )
    draft = read(f"<article><p>{PARAGRAPHS[0]}</p><ul>{parts}</ul></article>")
    assert len(texts(draft)) >= 30


def test_of_a_page_that_is_dumped_whole_only_the_prose_is_kept() -> None:
    labels = "".join(f"<p><a href='/{i}'>Label number {i}</a></p>" for i in range(30))
    story = f"<p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]} {PARAGRAPHS[2]}</p>"
    found = texts(read(f"<h1>{TITLE}</h1><div class='text'>{story}</div><div>{labels}</div>"))
    assert found == [PARAGRAPHS[0], f"{PARAGRAPHS[1]} {PARAGRAPHS[2]}"]


def test_a_table_of_times_is_a_story_where_the_page_says_that_it_is_one() -> None:
    article = '<meta property="og:type" content="article">'
    times = (
        "<p>Warm up 11:00</p><p>First race 12:00, harbour wall</p><p>Prizes 18:30, old wharf</p>"
    )
    assert "First race 12:00, harbour wall" in texts(read(f"<article>{times}</article>", article))
    with pytest.raises(NoArticle):
        read(f"<article>{times}</article>")


LOREM = "".join(
    f"<p>Part {i} of the plan says what the town will build there, and what it costs.</p>"
    for i in range(9)
)


@pytest.mark.parametrize(
    "hostile",
    [
        '<div class="related-posts">' * 200 + "x" + "</div>" * 200,
        "".join(f'<div class="promo-{i}"><a href="/{i}">t{i}</a></div>' for i in range(5_000)),
        f'<div class="{"related " * 100_000}">x</div>',
        "<div>" + '<p class="photo-caption">A boat.</p>' * 5_000 + "</div>",
        '<i itemscope itemprop="author" itemtype="Person">' * 200
        + "<b itemprop=name>x</b>" * 3_000,
        '<script type="application/ld+json">{"a": [' + ",," * 500_000 + "]}</script>",
        '<script type="application/ld+json">{"a": "' + "\\x" * 500_000 + '"}</script>',
        '<script type="application/ld+json">' + '"' * 200_001 + "</script>",
    ],
    ids=["nested", "many", "names", "captions", "items", "commas", "escapes", "quotes"],
)
def test_a_hostile_page_gives_its_story(hostile: str) -> None:
    assert texts(read(f"<article>{LOREM}</article>{hostile}"))[0].startswith("Part 0")
