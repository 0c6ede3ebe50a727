"""Short texts: what is no English is told from English with foreign names."""

from __future__ import annotations

import pytest
from enrichment_stories import story

from newswire.enrichment.reading import LANGUAGE, language_of

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


def test_a_language_that_is_stated_and_not_english_counts() -> None:
    assert language_of(story(OTHERS["de"], language="da")) == "da"
