"""A story's whole way on the running servers: Airflow, both workers, and what came out.

documents -> Airflow: fetch_documents -> enrich, index until drained -> what the index has
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from newswire.airflow_home import (
    airflow_command,
    airflow_environment,
    airflow_home,
    ensure_airflow_db,
)
from newswire.archive.seen import SeenDocument, SeenStore
from newswire.archive.store import open_store
from newswire.bus.tail import Seen, Tail
from newswire.config import ROOT, Settings
from newswire.contracts.topics import DEAD_LETTERS, TOPICS
from newswire.errors import NewswireError
from newswire.search.client import ALIAS, open_client
from newswire.search.document import IndexedStory, document_id
from newswire.search.reader import get
from newswire.sources.files import list_directory
from newswire.stories.model import DeadLetter

SOURCE = "demo"
"""The source's name in the archive, so that a demo's documents are told from any other."""

STEPS = 5
"""How often :func:`run_demo` tells of its progress."""

_SAMPLES = "*.[htx]*"
"""html, txt and xml; beside them lies a README."""

_LOG_LINES_SHOWN = 15


@dataclass(frozen=True)
class Shown:
    """One story in the index, and an address at which ``curl`` finds it."""

    story: IndexedStory
    address: str


@dataclass(frozen=True)
class Demonstration:
    """What came out: the stories, and every record that came onto the topics meanwhile."""

    stories: list[Shown]
    records: list[Seen]
    failures: list[str]
    """One line for each document, or entry of one, that held no story: now and before."""

    @property
    def dead_letters(self) -> list[DeadLetter]:
        """What could not go on."""
        return _dead_letters(self.records)


def documents_to_show(paths: Sequence[Path]) -> list[str]:
    """The documents at the paths, or the project's samples where there are no paths."""
    if not paths:
        return list_directory(ROOT / "samples", _SAMPLES)
    documents: list[str] = []
    for path in paths:
        # Airflow's tasks have a working directory of their own.
        whole = path.resolve()
        if not whole.exists():
            raise NewswireError(f"there is no {path}", "give a story's file, or a folder of them")
        documents += list_directory(whole) if whole.is_dir() else [str(whole)]
    return documents


def run_demo(
    documents: Sequence[str], settings: Settings, progress: Callable[[str], None]
) -> Demonstration:
    """Take documents the whole way. The servers must be running and prepared.

    Raises:
        NewswireError: a part failed; the end of its log is in the message.
    """
    tail = Tail(settings, list(TOPICS))
    progress("Airflow: database")
    ensure_airflow_db(settings)
    progress("Airflow: DAG fetch_documents")
    conf = json.dumps({"uris": list(documents), "source": SOURCE})
    command = airflow_command("dags", "test", "fetch_documents", "--conf", conf)
    fetched = _run(command, settings, "airflow", airflow_environment(settings))
    seen = _remembered(documents, settings)
    if len(seen) < len(documents) or any(one.story_ids or not one.failures for one in seen):
        # Else a failed run means no more than that no document held a story.
        fetched.check()
    for stage in ("enrich", "index"):
        progress(f"worker: {stage}")
        # A process of its own: `workers` stands above the library and is never imported by it.
        worker = [sys.executable, "-m", f"workers.{stage}", "--drain"]
        _run(worker, settings, stage, None).check()
    progress("Elasticsearch")
    failures = [line for one in seen for line in one.failures]
    return Demonstration(_indexed(seen, settings), list(tail.since()), failures)


@dataclass(frozen=True)
class _Ended:
    name: str
    code: int
    log: Path

    def check(self) -> None:
        if self.code != 0:
            last = self.log.read_text("utf-8", "replace").splitlines()[-_LOG_LINES_SHOWN:]
            sys.stderr.write("\n".join([*last, ""]))
            raise NewswireError(
                f"{self.name} ended with code {self.code}", f"its whole log is {self.log}"
            )


def _run(command: list[str], settings: Settings, name: str, env: dict[str, str] | None) -> _Ended:
    log = airflow_home(settings) / "logs" / "demo" / f"{name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w", encoding="utf-8") as file:
        ended = subprocess.run(
            command, env=env, cwd=ROOT, stdout=file, stderr=subprocess.STDOUT, check=False
        )
    return _Ended(name, ended.returncode, log)


def _remembered(documents: Sequence[str], settings: Settings) -> list[SeenDocument]:
    store = SeenStore(open_store(settings))
    return [seen for uri in documents if (seen := store.document(SOURCE, uri))]


def _indexed(documents: Sequence[SeenDocument], settings: Settings) -> list[Shown]:
    ids = dict.fromkeys(story_id for document in documents for story_id in document.story_ids)
    stories = []
    with open_client(settings) as client:
        client.indices.refresh(index=ALIAS, ignore_unavailable=True, allow_no_indices=True)
        for story_id in ids:
            story = get(client, story_id)
            if story is not None:
                query = f"_search?q=_id:{document_id(story_id)}&pretty"
                stories.append(Shown(story, f"{settings.elasticsearch_url}/{ALIAS}/{query}"))
    return stories


def _dead_letters(records: Iterable[Seen]) -> list[DeadLetter]:
    return [
        DeadLetter.model_validate_json(seen.value)
        for seen in records
        if seen.topic == DEAD_LETTERS and seen.value
    ]
