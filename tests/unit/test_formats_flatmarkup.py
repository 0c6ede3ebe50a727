"""HTML read without a tree says what the tree says, or nothing."""

from __future__ import annotations

import random

import pytest

from newswire.formats.web import flat as flatmarkup
from newswire.formats.web import markup

PIECES = (
    "<p> </p> <p/> <b> </b> <strong> </strong> <i> </i> <em> </em> <span> </span> <br> <br/> <h2> "
    "</h2> <h3> </h3> <hl2> </hl2> <blockquote> </blockquote> <ul> </ul> <li> </li> <div> </div> "
    "<section> </section> <block> </block> <hr> &amp; &nbsp; &eacute; &#8217; &#x41; words More! "
    "CAPITALS \xa0 <figure> </figure> <figcaption> </figcaption>"
).split(" ")
PIECES += [" ", "\n", '<img src="a.jpg" alt="b"/>', '<a href="x">', "</a>", "\n\n", "<!-- x -->"]


@pytest.mark.parametrize(
    "html",
    [
        "<p>One.</p><p>Two &amp; three&nbsp;four.</p>",
        "One.<br><br>Two<br/>three.",
        "<h2>Head</h2><p>One.</p><blockquote><p>Two.</p></blockquote>",
        "<p>One.</p><p><b>A line in bold</b></p><p>Two.</p>",
        "<p>One.</p><p>A line <b>in bold</b></p><p>Two.</p>",
        "<p>One.</p><p>A LINE IN CAPITALS</p><p>Two.</p>",
        '<section class="main"><ul><li>One</li><li>Two<li>Three</ul></section>',
        "<ul><li>One<p>Two</p>three<div>Four</div></li></ul><div>Five</div><p>Six</p>",
        "<blockquote><ul><li>One</li></ul></blockquote><ul><li><b>Two</b></li><li>Three</li></ul>",
        '<p>One <a href="https://news.example/?a=1&amp;b=2">two</a> <em>three</em>.',
        "<P>One.<P>Two.",
        "<figure><img src='a'><figcaption>Deputies <b>asleep</b>.</figcaption></figure><p>One.</p>",
        "One <figcaption>Deputies asleep. (AP Photo/Jo Park)</figcaption> two",
        "<!-- wp:paragraph --><p>One<!-- two --></p><!-- /wp:paragraph -->",
        "",
        "...",
    ],
)
def test_what_is_read_without_a_tree_is_what_the_tree_says(html: str) -> None:
    assert flatmarkup.read(html) is not None
    assert markup.fragment(html) == markup.by_tree(html)


@pytest.mark.parametrize(
    "html",
    [
        "<table><tr><td>1</td></tr></table>",
        '<figcaption>Asleep. <span class="credit">Jo Park</span></figcaption>',
        "<figcaption>One<p>Two</p></figcaption>",
        "<p>One</figcaption>",
        "<p>One<!-- two > three --></p>",
        "<p>One<!-- two -- three --></p>",
        "<script>one()</script>",
        "<p>One < two</p>",
        "<p>&copy2 &unknown; &#150;</p>",
        "<b><p>One</p></b>",
        "<p>One</b></div>",
        "<h2>Head<p>One</p>",
        "<p>" + "a" * 200_000,
    ],
)
def test_what_could_be_read_differently_is_left_to_the_tree(html: str) -> None:
    assert flatmarkup.read(html) is None


def test_the_two_agree_on_whatever_is_put_together() -> None:
    chance = random.Random(7901)
    flat = 0
    for _ in range(4_000):
        html = "".join(chance.choices(PIECES, k=chance.randint(1, 12)))
        if flatmarkup.read(html) is not None:
            flat += 1
            assert markup.fragment(html) == markup.by_tree(html), html
    assert flat > 300


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Fish &amp; chips&nbsp;&eacute;", "Fish & chips é"),
        ("Fish &#38; chips", "Fish & chips"),
        ("A &lt;b&gt; in brackets", "A <b> in brackets"),
        # Only the tree knows that browsers take it for a dash.
        ("One &#150; two", "One – two"),
        ("One &unknown; two", "One &unknown; two"),
        ("One <b>two</b>", "One two"),
    ],
)
def test_one_line_is_the_same_with_and_without_a_tree(text: str, line: str) -> None:
    root = markup.tree(text)
    assert root is not None
    assert markup.plain(text) == line == " ".join("".join(root.itertext()).split())


def test_a_reference_that_not_all_read_alike_is_left_to_the_tree() -> None:
    assert flatmarkup.characters("One &#150; two") is None
    assert flatmarkup.characters("One &ndash; two") == "One – two"
