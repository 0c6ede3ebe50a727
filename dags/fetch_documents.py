"""The DAG for documents named by hand; ``newswire demo`` runs it.

newswire airflow dags test fetch_documents --conf '{"uris": ["/stories/one.txt"]}'
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import Param, dag, task
from fetch_tasks import COMMON, fetch_steps

PARALLEL = 4
"""Most tasks that the documents of a run are shared out to."""


@task
def discover(params: Any = None) -> list[dict[str, Any]]:
    """The documents named in the parameters, in batches."""
    from newswire.ingest.batches import Batch, split
    from newswire.sources.access import Access

    documents = Batch(
        uris=tuple(dict.fromkeys(params["uris"])),
        source=params["source"],
        internal=params["internal"],
        access=Access(connection=params["connection"]),
    )
    return [batch.model_dump(mode="json") for batch in split(documents, PARALLEL)]


@dag(
    schedule=None,
    tags=["newswire", "fetch"],
    description="Fetches documents named by hand",
    doc_md=__doc__,
    is_paused_upon_creation=False,
    params={
        "uris": Param(
            type="array",
            items={"type": "string", "pattern": "^(/|(https?|ftps?|sftp|s3|imaps|maildir)://)"},
            minItems=1,
            title="Documents",
            description="Absolute paths, as the workers see them, or addresses.",
        ),
        "source": Param(
            "adhoc",
            type="string",
            pattern="^[a-z0-9][a-z0-9-]{0,62}$",
            title="Source",
            description="The name under which the documents are archived and remembered.",
        ),
        "internal": Param(
            False,
            type="boolean",
            title="Internal",
            description="Allow addresses that are private or loopback.",
        ),
        "connection": Param(
            None,
            type=["null", "string"],
            title="Connection",
            description="The Airflow connection with login and password, where one is needed.",
        ),
    },
    **COMMON,
)
def fetch_documents() -> None:
    """Fetch, archive, parse and produce documents named by hand."""
    fetch_steps(discover())


fetch_documents()
