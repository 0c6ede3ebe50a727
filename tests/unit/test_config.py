"""Settings: where they come from, and what is said of a wrong one."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from newswire.config import Settings, load_settings, stack_file
from newswire.errors import ConfigError


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in os.environ:
        if name.startswith("NEWSWIRE_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("NEWSWIRE_DATA_DIR", str(tmp_path))


def running_stack(data_dir: Path, **settings: object) -> None:
    stack_file(data_dir).write_text(json.dumps({"settings": settings}), "utf-8")


def test_without_anything_said_the_usual_local_ports_are_taken() -> None:
    settings = load_settings()
    assert settings.kafka_bootstrap == "127.0.0.1:9092"
    assert settings.elasticsearch_url == "http://127.0.0.1:9200"
    assert settings.s3_endpoint == "http://127.0.0.1:9000"


def test_a_running_stack_comes_before_the_defaults_and_the_environment_before_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    running_stack(tmp_path, kafka_bootstrap="127.0.0.1:1", elasticsearch_url="http://127.0.0.1:2")
    monkeypatch.setenv("NEWSWIRE_ELASTICSEARCH_URL", "http://search.example.org")
    settings = load_settings()
    assert settings.kafka_bootstrap == "127.0.0.1:1"
    assert settings.elasticsearch_url == "http://search.example.org"
    assert load_settings(kafka_bootstrap="given:3").kafka_bootstrap == "given:3"


@pytest.mark.parametrize("content", ["", "not JSON", "[]", "{}", '{"settings": []}'])
def test_an_unreadable_stack_file_is_no_stack(tmp_path: Path, content: str) -> None:
    stack_file(tmp_path).write_text(content, "utf-8")
    assert load_settings().kafka_bootstrap == "127.0.0.1:9092"


def test_an_empty_variable_of_an_optional_setting_means_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NEWSWIRE_S3_ENDPOINT", "")
    monkeypatch.setenv("NEWSWIRE_S3_ACCESS_KEY", "")
    settings = load_settings()
    assert (settings.s3_endpoint, settings.s3_access_key) == (None, None)


def test_every_wrong_variable_is_named_in_one_line_and_no_value_is_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NEWSWIRE_FETCH_TIMEOUT", "soon")
    monkeypatch.setenv("NEWSWIRE_TOPIC_PARTITIONS", "0")
    with pytest.raises(ConfigError) as refused:
        load_settings()
    message = str(refused.value)
    assert "NEWSWIRE_FETCH_TIMEOUT: " in message
    assert "NEWSWIRE_TOPIC_PARTITIONS: " in message
    assert "soon" not in message.replace("NEWSWIRE", "")
    assert "\n" not in message


def test_secrets_are_never_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSWIRE_S3_SECRET_KEY", "hunter2")
    settings = load_settings()
    assert "hunter2" not in json.dumps(settings.public()) + repr(settings)
    assert settings.public()["s3_secret_key"] == "**********"


def test_every_setting_says_what_it_is_for() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
