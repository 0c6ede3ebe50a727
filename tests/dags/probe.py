"""Run in Airflow's environment: parses the DAG folder and prints what came of it as JSON."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from airflow.dag_processing.dagbag import BundleDagBag
from airflow.sdk.definitions.mappedoperator import MappedOperator

from newswire.errors import ConfigError, DependencyUnavailable, FetchError, NotYet
from newswire.sources.connections import NoAnswer

HEAVY = {
    "boto3", "elasticsearch", "feedparser", "httpx", "jsonschema_rs", "kafka", "lxml", "numpy",
    "onnxruntime", "torch", "trafilatura", "transformers", "newswire.formats",
    "newswire.enrichment", "newswire.ingest.pipeline",
}  # fmt: skip

# What Airflow has loaded itself by then is not the DAG files' doing.
before = set(sys.modules)
folder = Path(os.environ["AIRFLOW__CORE__DAGS_FOLDER"])
bag = BundleDagBag(dag_folder=folder, bundle_path=folder, bundle_name="dags-folder")
heavy = sorted(HEAVY & (set(sys.modules) - before))

policy = bag.dags["fetch_documents"].task_dict["discover"].retry_policy
found = {
    "dags": {
        dag.dag_id: {
            "schedule": getattr(dag.schedule, "expression", dag.schedule),
            "tags": sorted(dag.tags),
            "paused": dag.is_paused_upon_creation,
            "catchup": dag.catchup,
            "max_active_runs": dag.max_active_runs,
            "doc": dag.doc_md,
            "tasks": {
                task.task_id: {
                    "upstream": sorted(task.upstream_task_ids),
                    "mapped": isinstance(task, MappedOperator),
                    "outlets": [[outlet.name, outlet.uri] for outlet in task.outlets],
                    "retries": task.retries,
                    "owner": task.owner,
                }
                for task in dag.tasks
            },
        }
        for dag in bag.dags.values()
    },
    "errors": {Path(file).name: error for file, error in bag.import_errors.items()},
    "seconds": {Path(file.file).name: file.duration.total_seconds() for file in bag.dagbag_stats},
    "heavy": heavy,
    "retries": {
        kind.__name__: policy.evaluate(kind("cause"), try_number=1, max_tries=4).action.value
        for kind in (DependencyUnavailable, NoAnswer, NotYet, FetchError, ConfigError)
    },
}
print(json.dumps(found))  # noqa: T201
