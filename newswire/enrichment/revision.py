"""Which revision of models and watch-list is there now: what an enrichment of today would name."""

from __future__ import annotations

from dataclasses import dataclass

from newswire.config import Settings
from newswire.enrichment.manifest import Manifest, read_manifest
from newswire.enrichment.targets import Watchlist, load_watchlist
from newswire.stories.enriched import WATCHLIST_REVISIONS


@dataclass(frozen=True)
class Revision:
    """The models and the watch-list that are there."""

    generation: int
    watchlist: str
    """sha256 of the file."""


def generation_of(manifest: Manifest, watchlist: Watchlist, configured: int = 0) -> int:
    """One number that rises with either: the models' generation, and below it the watch-list's.

    Args:
        manifest: Of the models that ship.
        watchlist: The targets.
        configured: Raised by whoever configures other models in their place.
    """
    return (manifest.generation + configured) * WATCHLIST_REVISIONS + watchlist.revision


def current_revision(settings: Settings) -> Revision:
    """What the settings name, without the weights being read: they need not be there.

    Raises:
        ConfigError: the models' manifest or the watch-list is missing or wrong.
    """
    manifest = read_manifest(settings.models_dir)
    watchlist = load_watchlist(settings.targets_file)
    return Revision(generation_of(manifest, watchlist, settings.model_generation), watchlist.sha256)
