"""The watch-list while a worker runs: a change of the file is in force from the next batch on."""

from __future__ import annotations

import logging
from collections.abc import Callable

from newswire.enrichment.targets import WatchedTargets, Watchlist
from newswire.errors import ConfigError

log = logging.getLogger(__name__)


class TargetsReload:
    """Called between batches: hands a watch-list on where the file has a new one."""

    def __init__(self, watched: WatchedTargets, use: Callable[[Watchlist], None]) -> None:
        """Args:
        watched: the file; its list is in force.
        use: takes each later list.
        """
        self._watched = watched
        self._use = use

    def __call__(self) -> None:
        """Look; where the new file is wrong, say so once and leave the old list in force."""
        before = self._watched.current
        try:
            watchlist = self._watched.renewed()
        except ConfigError as error:
            log.error("the watch-list of revision %d stays in force: %s", before.revision, error)
            return
        if watchlist is None:
            return
        self._use(watchlist)
        log.info(
            "the watch-list is of revision %d now, with %d targets",
            watchlist.revision,
            len(watchlist.targets),
        )
        if watchlist.revision <= before.revision:
            log.warning(
                "the watch-list has changed and its revision is %d after %d: what was enriched "
                "before can't be told apart and renewed; raise `revision`",
                watchlist.revision,
                before.revision,
            )
