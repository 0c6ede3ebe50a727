"""Who is meant: which named entity of a story a pronoun or a definite noun phrase stands for.

A linear model over readable features (:mod:`newswire.enrichment.quotes.scene`), learnt from GUM:
for each mention it weighs every entity that the story names, and "none of them". Mentions are
resolved in the order of the text, so that one "he" helps with the next.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from newswire.enrichment.quotes.decoding import Bounds
from newswire.enrichment.quotes.entities import NamedEntity
from newswire.enrichment.quotes.mentions import Lexicon, Mention
from newswire.enrichment.quotes.scene import Features, Scene
from newswire.errors import ConfigError


@dataclass(frozen=True)
class Resolver:
    """The trained weights."""

    weights: Mapping[str, float]
    lexicon: Lexicon
    boldness: float = 0.0
    """What "none of them" loses, in logits: 0 is best for accuracy, more finds more names."""

    @classmethod
    def load(cls, file: Path) -> Resolver:
        """Read ``mentions/model.json``.

        Raises:
            ConfigError: where it is missing or broken.
        """
        try:
            stored = json.loads(file.read_bytes())
            return cls(
                stored["weights"],
                Lexicon(stored["female"], stored["person"]),
                stored["boldness"],
            )
        except (OSError, ValueError, KeyError) as error:
            raise ConfigError(
                f"{file} can't be loaded: {error}", "restore models/ from the repository"
            ) from error

    def resolve(
        self,
        text: str,
        entities: Sequence[NamedEntity],
        mentions: Sequence[Mention],
        speaking: Mapping[Mention, Sequence[Bounds]] = MappingProxyType({}),
    ) -> list[NamedEntity | None]:
        """The entity that each mention stands for, or None; in the mentions' order.

        Of those that are ``speaking``, with where their words stand, it is likelier that the story
        names them: where the weights find nobody, the only one that is called so is taken. And
        nobody calls himself by his name.
        """
        scene = Scene(text, entities, self.lexicon)
        out: dict[int, NamedEntity | None] = {}
        for number in sorted(range(len(mentions)), key=lambda n: mentions[n].start):
            mention = mentions[number]
            said = speaking.get(mention, ())
            options = [own for own in scene.options(mention) if not scene.named(own[0], said)]
            scores = [self._score(features) for _, features in options]
            scores[-1] -= self.boldness
            best = max(range(len(options)), key=lambda n: (scores[n], -n))
            chosen = options[best][0]
            if mention in speaking:
                called = scene.surely(mention)
                if called is None and chosen is None:
                    called = scene.called(mention)
                chosen = chosen if called is None or scene.named(called, said) else called
            scene.note(mention, chosen)
            out[number] = None if chosen is None else entities[chosen]
        return [out[number] for number in range(len(mentions))]

    def _score(self, features: Features) -> float:
        return sum(value * self.weights.get(name, 0.0) for name, value in features.items())
