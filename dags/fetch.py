"""One DAG for each enabled source of ``sources.yaml``: ``fetch_<name>``, hyphens as underscores."""

from __future__ import annotations

from typing import Any

from airflow.sdk import DAG, dag, task
from airflow.sdk.exceptions import AirflowTimetableInvalid
from fetch_tasks import COMMON, fetch_steps

from newswire.config import load_settings
from newswire.errors import ConfigError
from newswire.sources.declared import DirectorySource, FeedSource, Source, read_sources

_DOC = """\
Fetches the source `{name}` of `{file}`, a {kind}: {location}

Raw bytes go to S3 first; every new or changed story is produced to `newswire.stories.v1`; what
can't be read becomes a dead letter and its neighbours go on. Fetching again what hasn't changed
produces nothing. See `docs/dags.md`.
"""


def fetch_dag(name: str, source: Source, file: str) -> DAG:
    """The DAG of one source."""

    @task
    def discover() -> list[dict[str, Any]]:
        """List the source's documents, in at most `parallel` batches."""
        from newswire.ingest.batches import Batch, split
        from newswire.sources.listing import documents_of

        listed = documents_of(source)
        documents = Batch(
            uris=tuple(one.uri for one in listed),
            source=name,
            internal=source.internal,
            expect="feed" if isinstance(source, FeedSource) else None,
            access=source.access,
            listed={one.uri: one.state for one in listed if one.state},
        )
        return [batch.model_dump(mode="json") for batch in split(documents, source.parallel)]

    @dag(
        dag_id=f"fetch_{name.replace('-', '_')}",
        schedule=source.schedule,
        tags=["newswire", "fetch", source.kind],
        doc_md=_DOC.format(name=name, file=file, kind=source.kind, location=_location(source)),
        # `enabled` in the file is the switch; a second one would only surprise.
        is_paused_upon_creation=False,
        **COMMON,
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


def _location(source: Source) -> str:
    if isinstance(source, DirectorySource):
        return f"`{source.path / source.pattern}`"
    return f"`{source.url if isinstance(source, FeedSource) else source.uri}`"


_file = load_settings().sources_file
for _name, _source in read_sources(_file).items():
    if _source.enabled:
        fetch_dag(_name, _source, _file.name)
