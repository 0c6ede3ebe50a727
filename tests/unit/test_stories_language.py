"""Short texts: what is no English is told from English with foreign names."""

from __future__ import annotations

import pytest
from enrichment_stories import story

from newswire.enrichment.reading import Read, language_of
from newswire.stories.language import LANGUAGE

OTHERS = {
    "de": "Putin sagte, die Mobilisierung in Russland sei nötig.",
    "fr": "Le ministre a déclaré que la centrale est trop vieille pour rester ouverte.",
    "es": "Trump dijo que la guerra en Ucrania debe terminar.",
    "it": "Il ministro ha detto che la centrale non è più sicura.",
    "nl": "De minister zegt dat de kerncentrale niet meer veilig is.",
    "pt": "O ministro disse que a central não é segura para os moradores.",
}


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("stated", [None, "en", "en-GB"])
def test_a_short_text_in_another_language_is_told(language: str, stated: str | None) -> None:
    assert language_of(story(OTHERS[language], language=stated)) == language


@pytest.mark.parametrize(
    "text",
    [
        "Oscar de la Hoya beats Fernando Vargas in Las Vegas.",
        "Ursula von der Leyen meets Le Pen, Los Angeles Times reports.",
        "Two die as storm hits La Paz.",
        "White House confirms al-Shabab leader killed in airstrike.",
        'The minister said: "Die Regierung ist nicht zu retten."',
        "Prices rise 3%.",
    ],
)
@pytest.mark.parametrize("stated", [None, "en"])
def test_a_short_english_text_with_foreign_names_is_english(text: str, stated: str | None) -> None:
    assert language_of(story(text, language=stated)) == LANGUAGE


def test_what_is_just_too_short_for_the_detector_is_told() -> None:
    text = (
        "Der Bürgermeister sagte am Abend im Rathaus, dass er auf die Brücke verzichten werde. "
        "Der Streit um den Hafen habe ihn viel Kraft gekostet."
    )
    assert language_of(story(text, language="en")) == "de"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        # The detector takes these for Luxembourgish and Galician, and is sure of neither.
        ("Kran aus dem Wrack", "de"),
        ("Ma non a Loden o a Brindle.", "it"),
        ("O barco de Loden deve ir", "pt"),
        # Their small words are French as well.
        ("La Junta encara la obra en Brindle", "es"),
    ],
)
def test_what_the_detector_only_guesses_small_words_tell(text: str, language: str) -> None:
    assert language_of(story(text, language="en")) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Havnen er lukket, og den eneste af færgerne, der sejler, er gammel.", "da"),
        ("Piloci wracają do portu i do rozmów o płacach po strajku.", "pl"),
    ],
)
def test_a_language_that_shares_small_words_with_one_of_the_six_keeps_its_name(
    text: str, language: str
) -> None:
    assert language_of(story(text, language="en")) == language


@pytest.mark.parametrize(
    ("text", "stated", "named"),
    [
        ("Prices rise 3%.", "en-GB", "en"),
        ("Prices rise 3%.", "de-AT", "de"),
        (OTHERS["fr"], "en", "fr"),
        ("The council voted on Monday to close the harbour and all of its mills. " * 4, None, "en"),
        ("Prices rise 3%.", None, None),
        ("Ω Ψ", None, None),
    ],
)
def test_a_language_is_named_where_something_tells_it(
    text: str, stated: str | None, named: str | None
) -> None:
    assert Read(story(text, language=stated), ()).named_language == named


def test_a_language_that_is_stated_and_not_english_counts() -> None:
    assert language_of(story(OTHERS["de"], language="da")) == "da"
