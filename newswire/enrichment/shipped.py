"""The models that ship: one folder, loaded once, the parts that several share among them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

from newswire.enrichment.cross_encoder import CrossEncoder
from newswire.enrichment.encoder import Encoder
from newswire.enrichment.manifest import Manifest, load_manifest
from newswire.enrichment.quotes.reader import Reader, ShippedWindowModel
from newswire.enrichment.quotes.resolver import Resolver
from newswire.enrichment.runtime import Threads
from newswire.enrichment.stem import Stem
from newswire.enrichment.summary.extractive import SummaryModel
from newswire.enrichment.summary.words import WordReader


@dataclass(frozen=True)
class Shipped:
    """A folder of models; each is loaded when it is first asked for."""

    folder: Path
    manifest: Manifest
    encoder: Encoder
    threads: Threads

    @classmethod
    def load(cls, folder: Path, threads: int = 0) -> Self:
        """Hold the files against their manifest, and load the encoder.

        Args:
            folder: The one with ``models.json``.
            threads: 0: as many as this process may use.

        Raises:
            ConfigError: a file is missing, or isn't the one that the manifest names.
        """
        manifest = load_manifest(folder)
        pool = Threads(threads)
        file = folder / manifest.encoder.file
        return cls(folder, manifest, Encoder(file.parent, file.name, pool), pool)

    @cached_property
    def stem(self) -> Stem:
        """What stance model and reader begin from."""
        return Stem(self.folder / self.manifest.stem.file)

    @cached_property
    def stance(self) -> CrossEncoder:
        """The stance model."""
        own = self.manifest.stance
        return CrossEncoder(
            self.folder / own.file,
            own.name,
            own.sha256,
            self.stem,
            self.encoder.tokenize,
            self.threads,
        )

    @cached_property
    def summary(self) -> SummaryModel:
        """Which sentences a summary has."""
        own = self.manifest.summary
        return SummaryModel(
            self.folder / own.file, own.name, own.sha256, WordReader(self.encoder.tokenize)
        )

    @cached_property
    def reader(self) -> Reader:
        """The reader of quotes and names."""
        model = ShippedWindowModel(
            self.folder / self.manifest.reader.file,
            self.folder / self.manifest.roles.file,
            self.stem,
        )
        return Reader(model, self.encoder.tokenize, self.threads)

    @cached_property
    def resolver(self) -> Resolver:
        """Who is meant."""
        return Resolver.load(self.folder / self.manifest.mentions.file)

    def close(self) -> None:
        """End the threads."""
        self.threads.close()
