"""One DAG for each enabled source of ``sources.yaml``: ``fetch_<name>``, hyphens as underscores."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any

from airflow.sdk import DAG, CronDataIntervalTimetable, dag, task
from airflow.sdk.exceptions import AirflowTimetableInvalid
from fetch_tasks import COMMON, fetch_steps

from newswire.config import load_settings
from newswire.errors import ConfigError, NotYet
from newswire.sources.declared import read_sources
from newswire.sources.kinds import (
    Dated,
    DirectorySource,
    DocumentSource,
    FeedSource,
    MaildirSource,
    Source,
)
from newswire.sources.window import window_of

log = logging.getLogger(__name__)

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
"""No backfill reaches further."""

_DOC = """\
Fetches the source `{name}` of `{file}`, a {kind}: {location}

Raw bytes go to S3 first; every new or changed story is produced to `newswire.stories.v1`; what
can't be read becomes a dead letter and its neighbours go on. Fetching again what hasn't changed
produces nothing. See `docs/dags.md`.
"""


def fetch_dag(name: str, source: Source, file: str) -> DAG:
    """The DAG of one source."""

    @task
    def discover(
        data_interval_start: Any = None,
        data_interval_end: Any = None,
        prev_data_interval_end_success: Any = None,
        dag_run: Any = None,
    ) -> list[dict[str, Any]]:
        """List the source's documents, in at most `parallel` batches."""
        from newswire.archive.notes import StoredNotes
        from newswire.archive.store import open_store
        from newswire.ingest.batches import Batch, split
        from newswire.logs import quiet_libraries
        from newswire.sources.listing import documents_of

        quiet_libraries()
        settings = load_settings()
        window = None
        if isinstance(source, Dated):
            window = window_of(
                data_interval_start,
                data_interval_end,
                backfill=dag_run.run_type == "backfill",
                # Airflow's is a proxy, and none is one around nothing.
                done_until=prev_data_interval_end_success or None,
                lookback=source.lookback,
                now=datetime.now(UTC),
            )
            log.info("what is dated from %s until %s", window.start, window.end)
        past = window is not None and window.is_past
        try:
            found = documents_of(source, settings, StoredNotes(open_store(settings)), window)
        except NotYet as error:
            if past:
                raise  # no later run takes this interval
            log.warning("left for a later run: %s", error)
            return []
        for line in found.remarks:
            log.warning("%s", line)
        documents = Batch(
            uris=tuple(one.uri for one in found.documents),
            source=name,
            internal=source.internal,
            expect="feed" if isinstance(source, FeedSource) else None,
            access=source.access,
            listed={one.uri: one.state for one in found.documents if one.state},
            past=past,
        )
        return [batch.model_dump(mode="json") for batch in split(documents, source.parallel)]

    @dag(
        dag_id=f"fetch_{name.replace('-', '_')}",
        schedule=_schedule(source),
        tags=["newswire", "fetch", source.kind],
        description=f"Fetches {name}, a source of the kind {source.kind}",
        doc_md=_DOC.format(name=name, file=file, kind=source.kind, location=_location(source)),
        # `enabled` in the file is the switch; a second one would only surprise.
        is_paused_upon_creation=False,
        **COMMON | ({"start_date": _LONG_AGO} if isinstance(source, Dated) else {}),
    )
    def build() -> None:
        fetch_steps(discover())

    made = build()
    try:
        made.timetable.validate()
    except AirflowTimetableInvalid as error:
        raise ConfigError(
            f"{file}: sources.{name}.schedule: {source.schedule!r} is no schedule: {error}",
            'write a cron expression or a preset such as "@hourly"',
        ) from error
    return made


def _schedule(source: Source) -> Any:
    """A source with a past has intervals, as a backfill asks for them; Airflow's own reading of a
    cron expression has moments only.
    """
    if isinstance(source, Dated) and source.schedule not in {None, "@once", "@continuous"}:
        return CronDataIntervalTimetable(source.schedule, timezone="UTC")
    return source.schedule


def _location(source: Source) -> str:
    if isinstance(source, MaildirSource):
        return f"`{source.path}`"
    if isinstance(source, DirectorySource):
        return f"`{source.path / source.pattern}`"
    return f"`{source.uri if isinstance(source, DocumentSource) else source.url}`"


_file = load_settings().sources_file
for _name, _source in read_sources(_file).items():
    if _source.enabled:
        fetch_dag(_name, _source, _file.name)
