"""Who is meant: which named entity of a story a pronoun or a definite noun phrase stands for.

A linear model over readable features (:mod:`newswire.enrichment.quotes.scene`), learnt from GUM:
for each mention it weighs every entity that the story names, and "none of them". Mentions are
resolved in the order of the text, so that one "he" helps with the next.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from newswire.enrichment.quotes.decoding import Bounds
from newswire.enrichment.quotes.entities import NamedEntity
from newswire.enrichment.quotes.mentions import Lexicon, Mention
from newswire.enrichment.quotes.scene import Features, Scene
from newswire.enrichment.quotes.voices import Voice, Voices
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
        spoken: Sequence[Voice] = (),
    ) -> list[NamedEntity | None]:
        """The entity that each mention stands for, or None; in the mentions' order.

        What stands within quotation marks comes last: then it is known who speaks there, and that
        he isn't the "he" whom he speaks of.

        Args:
            text: What the mentions refer to.
            entities: Whom the story names.
            mentions: What may stand for them.
            spoken: Who says what, in the text's order.
        """
        case = _Case(self, Scene(text, entities, self.lexicon), Voices(text, spoken))
        order = sorted(mentions, key=lambda own: own.start)
        within = {own: voice for own in order if (voice := case.voices.around(own)) is not None}
        for mention in order:
            if mention not in within:
                case.decide(mention, None)
        if within:
            case.scene.rewind()
            for mention in order:
                if mention in within:
                    case.decide(mention, within[mention])
                else:
                    case.scene.note(mention, case.meant[mention])
        found = [case.meant[own] for own in mentions]
        return [None if own is None else entities[own] for own in found]

    def score(self, features: Features) -> float:
        """The weight of an option."""
        return sum(value * self.weights.get(name, 0.0) for name, value in features.items())


@dataclass
class _Case:
    """A story whose mentions are decided one by one."""

    resolver: Resolver
    scene: Scene
    voices: Voices
    meant: dict[Mention, int | None] = field(default_factory=dict)

    def decide(self, mention: Mention, around: Voice | None) -> None:
        """Choose whom a mention stands for, within the marks of a voice or outside of all."""
        said = self.voices.speaking.get(mention, ())
        barred = self._speaker(around) if self.scene.is_he_or_she(mention) else None
        rules = (self._who_speaks_on, self._himself, self._alone)
        told = (own for rule in rules if (own := rule(mention)) is not None)
        ruled = next(
            (own for own in told if own != barred and not self.scene.named(own, said)), None
        )
        chosen = self._weighed(mention, said, barred) if ruled is None else ruled
        # A rule may go by the place alone: it doesn't tell a man from a woman.
        self.scene.note(mention, chosen, tells=ruled is None)
        self.meant[mention] = chosen

    def _weighed(self, mention: Mention, said: Sequence[Bounds], barred: int | None) -> int | None:
        """Whom the weights choose, or rules where these are surer or it finds nobody.

        Of those that are speaking it is likelier that the story names them: where the weights find
        nobody, the only one that is called so is taken. And nobody calls himself by his name.
        """
        scene = self.scene
        options = [
            own
            for own in scene.options(mention)
            if own[0] is None or (own[0] != barred and not scene.named(own[0], said))
        ]
        scores = [self.resolver.score(features) for _, features in options]
        scores[-1] -= self.resolver.boldness
        best = max(range(len(options)), key=lambda n: (scores[n], -n))
        chosen = options[best][0]
        speaks = mention in self.voices.speaking
        called = scene.surely(mention) if speaks or chosen is None else None
        if called is None and chosen is None and speaks:
            called = scene.called(mention)
        return chosen if called is None or scene.named(called, said) else called

    def _speaker(self, voice: Voice | None) -> int | None:
        """Who it is himself, as far as that is known."""
        if voice is None or voice.represents:
            return None
        return self.meant.get(voice.by) if isinstance(voice.by, Mention) else voice.by

    def _who_speaks_on(self, mention: Mention) -> int | None:
        """He who spoke right before, where nobody else was named since."""
        follows = self.voices.follows.get(mention)
        before = self._speaker(follows)
        if follows is None or before is None:
            return None
        others = self.voices.between(follows.extent[1], mention, self.scene.people)
        return self._if_fit(before, mention) if all(own == before for own in others) else None

    def _himself(self, mention: Mention) -> int | None:
        """He of whom it is reported that he says something of "him" first."""
        return self._if_fit(self._speaker(self.voices.reported(mention)), mention)

    def _alone(self, mention: Mention) -> int | None:
        """Of "he" who speaks: the only one who is named before in his paragraph."""
        if mention not in self.voices.speaking or not self.scene.is_he_or_she(mention):
            return None
        start = self.voices.paragraph(mention)
        named = self.voices.between(start, mention, self.scene.people)
        first = next(named, None)
        # The second name ends it: a paragraph may have thousands.
        alone = all(own == first for own in named)
        return self._if_fit(first, mention) if alone else None

    def _if_fit(self, number: int | None, mention: Mention) -> int | None:
        """Nobody where what is known of somebody's gender speaks against him."""
        fits = number is not None and self.scene.may_be(number, mention)
        return number if fits else None
