"""Copy for stories: the same from the same seed, and other words from another."""

from __future__ import annotations

from random import Random

_PARTS = [
    "har",
    "bour",
    "bri",
    "dle",
    "mar",
    "ket",
    "pi",
    "lot",
    "ton",
    "ves",
    "sel",
    "cou",
    "ncil",
]


def paragraphs(seed: object, count: int = 8, words: int = 30) -> list[str]:
    """Some paragraphs of invented words."""
    random = Random(str(seed))
    return [
        " ".join("".join(random.choices(_PARTS, k=3)) for _ in range(words)).capitalize() + "."
        for _ in range(count)
    ]


def body(*texts: str) -> list[dict[str, str]]:
    """Paragraphs as a story has them."""
    return [{"text": text} for text in texts]
