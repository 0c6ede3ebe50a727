"""docker-compose.yml against the Compose Specification, and against the code that it runs."""

from __future__ import annotations

import copy
import json
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
import yaml
from jsonschema import Draft202012Validator
from typer.core import TyperGroup
from typer.main import get_command

from newswire.cli import app
from newswire.config import (
    DEFAULT_ELASTICSEARCH_PORT,
    DEFAULT_KAFKA_PORT,
    DEFAULT_S3_PORT,
    ROOT,
    Settings,
    load_settings,
)
from newswire.contracts.topics import MAX_RECORD_BYTES, TOPICS

Service = dict[str, Any]

COMPOSE = ROOT / "docker-compose.yml"
SCHEMA = Path(__file__).parent / "data" / "compose-spec.json"
DOCKERFILES = (ROOT / "docker/worker/Dockerfile", ROOT / "docker/airflow/Dockerfile")
OURS = {"newswire-worker", "newswire-airflow"}
ROOT_ON_PURPOSE = {"s3-volume"}
"""Gives a new volume to the user of S3Proxy: no network, no capability but CHOWN."""

_VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?::(?P<kind>[-?])(?P<word>[^}]*))?\}")
_DURATION = re.compile(r"(\d+(us|ms|s|m|h))+")


@cache
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(COMPOSE.read_text("utf-8"))
    return loaded


def services() -> dict[str, Service]:
    found: dict[str, Service] = compose()["services"]
    return found


def one_shot(service: Service) -> bool:
    return bool(service["restart"] == "no")


def example() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def interpolate(value: object, variables: dict[str, str]) -> str:
    return _VARIABLE.sub(lambda match: variables[match["name"]], str(value))


def filled() -> dict[str, str]:
    """The variables as a user has them who filled in .env.example."""
    return {name: value or f"a-secret-for-{name.lower()}" for name, value in example().items()}


def errors(document: dict[str, Any]) -> list[str]:
    validator = Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)]


def locked(path: Path) -> dict[str, str]:
    pins = re.findall(r"^([\w.-]+)==([^\s;\\]+)", path.read_text("utf-8"), re.MULTILINE)
    return dict(pins)


def embedded_versions() -> dict[str, str]:
    """Artifact to version, of everything that the embedded stack declares."""
    found = {}
    for pom in (ROOT / "docker/embedded").glob("*/pom.xml"):
        for dependency in ElementTree.parse(pom).iter("dependency"):
            artifact = dependency.findtext("artifactId", "")
            found[artifact] = dependency.findtext("version", "")
    return found


def copied(dockerfile: Path) -> Iterator[str]:
    """The sources of every COPY from the build context."""
    for line in dockerfile.read_text("utf-8").splitlines():
        if line.startswith("COPY ") and "--from=" not in line:
            yield from line.split()[1:-1]


def listeners(name: str) -> dict[str, str]:
    declared = services()["kafka"]["environment"][name]
    return dict(item.split("://", 1) for item in interpolate(declared, filled()).split(","))


# -- The file ---------------------------------------------------------------------------------


def test_the_file_is_valid_under_the_compose_specification() -> None:
    assert errors(compose()) == []


@pytest.mark.parametrize(
    ("key", "value"), [("helthcheck", {}), ("restart", False), ("ports", 9092)]
)
def test_the_specification_refuses_what_compose_would(key: str, value: object) -> None:
    broken = copy.deepcopy(compose())
    broken["services"]["kafka"][key] = value
    assert errors(broken)


@pytest.mark.parametrize("name", services())
def test_what_runs_on_has_a_health_check_and_what_ends_is_waited_for(name: str) -> None:
    waits: set[str] = {
        other["depends_on"][name]["condition"]
        for other in services().values()
        if name in other.get("depends_on", {})
    }
    if one_shot(services()[name]):
        assert waits == {"service_completed_successfully"}
    else:
        assert waits <= {"service_healthy"}
        check = services()[name]["healthcheck"]
        assert check["test"][0] in {"CMD", "CMD-SHELL"}
        for time in ("interval", "timeout", "start_period", "start_interval"):
            assert _DURATION.fullmatch(check[time]), time


@pytest.mark.parametrize("name", services())
def test_a_service_starts_together_with_all_that_it_depends_on(name: str) -> None:
    profiles: list[str] = services()[name].get("profiles", [])
    for needed in services()[name].get("depends_on", {}):
        # Without a profile a service always starts; with one, only beside its like.
        assert services()[needed].get("profiles", profiles) == profiles, needed


def test_every_named_volume_and_network_is_declared_and_used() -> None:
    volumes, networks = set(), set()
    for service in services().values():
        networks |= set(service.get("networks", []))
        short = [volume for volume in service.get("volumes", []) if isinstance(volume, str)]
        volumes |= {volume.split(":")[0] for volume in short}
    assert volumes == set(compose()["volumes"])
    assert networks == set(compose()["networks"])


# -- Safety -----------------------------------------------------------------------------------


def test_ports_are_published_on_loopback_only() -> None:
    published = [port for service in services().values() for port in service.get("ports", [])]
    assert len(published) == 5
    assert [port for port in published if not port.startswith("127.0.0.1:")] == []


@pytest.mark.parametrize("name", services())
def test_a_service_is_no_root_has_no_capability_and_knows_its_limits(name: str) -> None:
    service = services()[name]
    if name in ROOT_ON_PURPOSE:
        assert service["network_mode"] == "none"
        assert service["cap_add"] == ["CHOWN"]
    else:
        assert service["user"].split(":")[0] not in {"", "0", "root"}
        assert "cap_add" not in service
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert {"cpus", "memory", "pids"} <= service["deploy"]["resources"]["limits"].keys()


@pytest.mark.parametrize("name", services())
def test_no_secret_stands_in_the_file(name: str) -> None:
    for variable, value in services()[name].get("environment", {}).items():
        if re.search(r"SECRET|PASSWORD$|CREDENTIAL|FERNET|_KEY$|CONN$", variable):
            assert _VARIABLE.search(str(value)), variable


# -- Versions ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", services())
def test_every_image_is_pinned(name: str) -> None:
    repository, _, tag = services()[name]["image"].rpartition(":")
    assert re.search(r"\d+\.\d+", tag), services()[name]["image"]
    if repository in OURS:
        assert (
            tag == tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
        )


def test_base_images_are_pinned_to_one_python() -> None:
    bases = {
        line.split()[1]
        for dockerfile in DOCKERFILES
        for line in dockerfile.read_text("utf-8").splitlines()
        if line.startswith("FROM ")
    }
    assert len(bases) == 1
    assert re.fullmatch(r"python:3\.11\.\d+-slim-\w+", bases.pop())


@pytest.mark.parametrize(
    ("service", "artifact", "image"),
    [
        ("kafka", "kafka_2.13", "apache/kafka:{}"),
        ("elasticsearch", "elasticsearch", "docker.elastic.co/elasticsearch/elasticsearch:{}"),
        ("kibana", "elasticsearch", "docker.elastic.co/kibana/kibana:{}"),
        ("s3", "s3proxy", "andrewgaul/s3proxy:{}"),
        ("s3-volume", "s3proxy", "andrewgaul/s3proxy:{}"),
    ],
)
def test_servers_are_of_the_versions_of_the_embedded_stack(
    service: str, artifact: str, image: str
) -> None:
    assert services()[service]["image"] == image.format(embedded_versions()[artifact])


@pytest.mark.parametrize("dockerfile", DOCKERFILES, ids=lambda path: path.parent.name)
def test_images_install_the_lock_and_nothing_that_is_not_in_it(dockerfile: Path) -> None:
    text = dockerfile.read_text("utf-8").replace("\\\n", " ")
    installs = re.findall(r"pip install ([^&\n]+)", text)
    assert any("--requirement /tmp/requirements.lock" in install for install in installs)
    for install in installs:
        assert "--require-hashes" in install or "--no-index --no-deps" in install
    assert "apache-airflow" in locked(ROOT / "requirements.lock")


def test_airflows_database_drivers_change_nothing_of_the_lock() -> None:
    drivers = locked(ROOT / "docker/airflow/requirements.lock")
    assert drivers.keys() == {"psycopg2-binary", "asyncpg"}
    assert not drivers.keys() & locked(ROOT / "requirements.lock").keys()


@pytest.mark.parametrize("dockerfile", DOCKERFILES, ids=lambda path: path.parent.name)
def test_what_an_image_copies_is_there_and_sent_to_the_builder(dockerfile: Path) -> None:
    ignore = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    sources = list(copied(dockerfile))
    assert sources
    assert [source for source in sources if not (ROOT / source).exists()] == []
    assert [source for source in sources if f"!{source}" not in ignore] == []


def test_airflow_has_the_models_and_the_watch_list_of_the_workers() -> None:
    worker, airflow = (set(copied(dockerfile)) for dockerfile in DOCKERFILES)
    assert {"models", "targets.yaml"} <= worker & airflow


# -- The code's configuration -----------------------------------------------------------------


@pytest.mark.parametrize("name", services())
def test_every_newswire_variable_is_a_setting(name: str) -> None:
    known = {f"NEWSWIRE_{field.upper()}" for field in Settings.model_fields}
    given = services()[name].get("environment", {})
    assert {variable for variable in given if variable.startswith("NEWSWIRE_")} <= known


@pytest.mark.parametrize("name", ["init", "enrich", "index", "airflow-scheduler"])
def test_the_settings_of_a_container_lead_to_its_neighbours(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, value in services()[name]["environment"].items():
        monkeypatch.setenv(variable, interpolate(value, filled()))
    settings = load_settings()

    _, _, internal_port = listeners("KAFKA_LISTENERS")["INTERNAL"].rpartition(":")
    assert settings.kafka_bootstrap == f"kafka:{internal_port}"
    assert settings.elasticsearch_url == "http://elasticsearch:9200"
    s3 = services()["s3"]["environment"]
    assert settings.s3_endpoint == f"http://s3:{urlsplit(s3['S3PROXY_ENDPOINT']).port}"
    assert settings.s3_access_key is not None
    assert settings.s3_secret_key is not None
    assert settings.s3_access_key.get_secret_value() == interpolate(
        s3["S3PROXY_IDENTITY"], filled()
    )
    assert settings.s3_secret_key.get_secret_value() == interpolate(
        s3["S3PROXY_CREDENTIAL"], filled()
    )
    needed = {"kafka", "elasticsearch", "s3"}
    assert set(services()["init"]["depends_on"]) == needed <= services().keys()


@pytest.mark.parametrize(
    ("name", "port"),
    [
        ("kafka", DEFAULT_KAFKA_PORT),
        ("elasticsearch", DEFAULT_ELASTICSEARCH_PORT),
        ("s3", DEFAULT_S3_PORT),
    ],
)
def test_a_host_finds_the_servers_where_the_settings_look_by_default(name: str, port: int) -> None:
    (published,) = services()[name]["ports"]
    assert interpolate(published, example()) == f"127.0.0.1:{port}:{port}"


def test_kafka_names_a_listener_for_containers_and_one_for_the_host() -> None:
    advertised, bound = listeners("KAFKA_ADVERTISED_LISTENERS"), listeners("KAFKA_LISTENERS")
    assert advertised["HOST"] == Settings.model_fields["kafka_bootstrap"].default
    assert advertised["INTERNAL"].removeprefix("kafka") == bound["INTERNAL"]
    assert bound["HOST"] == f":{DEFAULT_KAFKA_PORT}"


def test_topics_are_made_by_init_only_and_hold_the_largest_record() -> None:
    kafka = services()["kafka"]["environment"]
    assert kafka["KAFKA_AUTO_CREATE_TOPICS_ENABLE"] == "false"
    assert kafka["KAFKA_MESSAGE_MAX_BYTES"] == MAX_RECORD_BYTES
    assert kafka["KAFKA_REPLICA_FETCH_MAX_BYTES"] == MAX_RECORD_BYTES
    documented = (ROOT / "docs/containers.md").read_text("utf-8")
    named = set(re.findall(r"newswire\.[a-z-]+\.v\d+", documented + COMPOSE.read_text("utf-8")))
    assert named == TOPICS.keys()


@pytest.mark.parametrize("name", ["init", "enrich", "index"])
def test_our_commands_are_commands_of_newswire(name: str) -> None:
    command, *arguments = services()[name]["command"]
    group = get_command(app)
    assert isinstance(group, TyperGroup)
    # Parses the arguments, runs nothing.
    assert group.commands[command].make_context(command, arguments)


def test_a_worker_has_as_many_threads_as_cpus() -> None:
    enrich = services()["enrich"]
    cpus = enrich["deploy"]["resources"]["limits"]["cpus"]
    assert cpus == enrich["environment"]["NEWSWIRE_ENRICH_THREADS"]


# -- .env -------------------------------------------------------------------------------------


def test_the_example_holds_every_variable_of_the_file_with_its_default() -> None:
    used: dict[str, str] = {}
    for match in _VARIABLE.finditer(COMPOSE.read_text("utf-8")):
        default = match["word"] if match["kind"] == "-" else ""
        assert used.setdefault(match["name"], default) == default, match["name"]
    # A name, not a secret: there is no harm in a default, and none in asking for it.
    used["NEWSWIRE_S3_ACCESS_KEY"] = "newswire"
    assert used == example()
