"""The health check of a worker's container."""

from __future__ import annotations

import importlib.util
from types import ModuleType

import pytest

from newswire.config import ROOT


@pytest.fixture(scope="module")
def healthcheck() -> ModuleType:
    path = ROOT / "docker/worker/healthcheck.py"
    spec = importlib.util.spec_from_file_location("healthcheck", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def group(*hosts: str) -> dict[str, object]:
    return {"group_state": "Stable", "members": [{"client_host": f"/{host}"} for host in hosts]}


def test_a_container_is_healthy_when_any_group_has_it_as_a_member(healthcheck: ModuleType) -> None:
    groups = [group("172.20.0.7"), group("172.20.0.8", "172.20.0.9")]
    assert healthcheck.is_member(groups, {"172.20.0.9"})


@pytest.mark.parametrize("groups", [[], [group()], [group("172.20.0.90")]])
def test_a_container_that_is_in_no_group_is_not_healthy(
    healthcheck: ModuleType, groups: list[dict[str, object]]
) -> None:
    assert not healthcheck.is_member(groups, {"172.20.0.9"})


def test_an_unreachable_broker_is_named_as_the_cause(
    healthcheck: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> None:
        raise healthcheck.KafkaError("nobody there")

    monkeypatch.setattr(healthcheck, "KafkaAdminClient", refuse)
    monkeypatch.setattr(healthcheck.socket, "gethostbyname_ex", lambda _: ("", [], ["172.20.0.9"]))
    assert "does not answer" in healthcheck.main()
    assert "nobody there" in healthcheck.main()
