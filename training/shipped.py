"""The models that ship, as an evaluation uses them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from newswire.enrichment.cross_encoder import CrossEncoder
from newswire.enrichment.encoder import Encoder
from newswire.enrichment.manifest import Manifest, load_manifest
from newswire.enrichment.runtime import Threads
from newswire.enrichment.stance import StanceModel


@dataclass(frozen=True)
class Shipped:
    """A folder of models: its manifest, and the encoder and threads that the heads share."""

    folder: Path
    manifest: Manifest
    encoder: Encoder
    threads: Threads

    @classmethod
    def load(cls, folder: Path, threads: int) -> Self:
        """Load them; ``threads`` as ``NEWSWIRE_ENRICH_THREADS``.

        Raises:
            ConfigError: a file is missing, or isn't the one that the manifest names.
        """
        manifest = load_manifest(folder)
        pool = Threads(threads)
        file = folder / manifest.encoder.file
        return cls(folder, manifest, Encoder(file.parent, file.name, pool), pool)

    def stance(self) -> StanceModel:
        """The stance model."""
        own = self.manifest.stance
        return CrossEncoder(
            self.folder / own.file, own.name, own.sha256, self.encoder.tokenize, self.threads
        )
