"""How the embedded servers start, are found again, die and stop."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import boto3
import elasticsearch
import psutil
import pytest
from kafka import KafkaAdminClient
from kafka.admin import NewTopic

from newswire.config import Settings, load_settings
from newswire.errors import StackError
from newswire.stack import StackConfig, State, down, start_server, status, stop_server, up
from newswire.stack.home import Home
from newswire.stack.process import find, kill
from newswire.stack.servers import SERVERS
from tests.services import eventually

_UP = """
import sys
from pathlib import Path
from newswire.stack import StackConfig, start_server, up
config = StackConfig(Path(sys.argv[1]), Path(sys.argv[2]), 0, 0, 0)
state = up(config) if sys.argv[3] == "all" else start_server(config, sys.argv[3])
print("already" if state.already_running else "started")
"""


def in_another_process(config: StackConfig, what: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _UP, str(config.data_dir), str(config.cache_dir), what],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def processes(config: StackConfig) -> list[psutil.Process]:
    home = Home(config.data_dir.resolve())
    found = find(home.of(server.name) for server in SERVERS)
    return [process for these in found.values() for process in these]


def server(config: StackConfig, name: str) -> psutil.Process:
    return psutil.Process(next(s.pid for s in status(config.data_dir) if s.name == name) or 0)


def states(config: StackConfig) -> dict[str, State]:
    return {one.name: one.state for one in status(config.data_dir)}


def test_a_second_up_finds_the_first_and_starts_nothing(
    stack: Settings, stack_config: StackConfig
) -> None:
    before = [one.pid for one in status(stack.data_dir)]
    again = up(stack_config)
    assert again.already_running
    assert [one.pid for one in again.servers] == before
    assert {one.state for one in again.servers} == {State.RUNNING}


def test_status_tells_where_each_server_is(stack: Settings) -> None:
    servers = status(stack.data_dir)
    assert {one.name: one.address for one in servers} == {
        "kafka": stack.kafka_bootstrap,
        "elasticsearch": stack.elasticsearch_url,
        "s3": stack.s3_endpoint,
    }
    for one in servers:
        assert one.log.is_file()
        assert one.data.is_dir()
        assert one.memory is not None
        assert one.memory > 20 * 2**20
        assert one.uptime is not None
        assert one.uptime > 0


def test_the_file_with_the_s3_secret_is_for_its_owner_only(stack: Settings) -> None:
    assert (stack.data_dir / "stack.json").stat().st_mode & 0o777 == 0o600


def test_a_killed_server_is_started_again_where_it_was_with_its_data(
    stack: Settings, stack_config: StackConfig
) -> None:
    with elasticsearch.Elasticsearch(stack.elasticsearch_url) as client:
        client.indices.create(index="survivor")
        client.index(index="survivor", id="1", document={"n": 1})
    before = {one.name: one for one in status(stack.data_dir)}
    kill([server(stack_config, "elasticsearch")])
    assert states(stack_config)["elasticsearch"] is State.STALE

    again = up(stack_config)

    after = {one.name: one for one in again.servers}
    assert not again.already_running
    assert "Elasticsearch had ended unexpectedly" in "".join(again.notes)
    assert after["elasticsearch"].address == before["elasticsearch"].address
    assert after["elasticsearch"].pid != before["elasticsearch"].pid
    assert after["kafka"].pid == before["kafka"].pid
    with elasticsearch.Elasticsearch(stack.elasticsearch_url) as client:
        assert client.get(index="survivor", id="1")["_source"] == {"n": 1}
        client.indices.delete(index="survivor")


def test_data_and_the_s3_key_survive_down_and_up_on_other_ports(own: StackConfig) -> None:
    def settings() -> Settings:
        written = json.loads((own.data_dir / "stack.json").read_text("utf-8"))["settings"]
        return load_settings(data_dir=own.data_dir, **written)

    up(own)
    first = settings()
    admin = KafkaAdminClient(bootstrap_servers=first.kafka_bootstrap)
    admin.create_topics([NewTopic("kept", num_partitions=1, replication_factor=1)])
    admin.close()
    with elasticsearch.Elasticsearch(first.elasticsearch_url) as client:
        client.indices.create(index="kept")
    assert first.s3_access_key is not None
    assert first.s3_secret_key is not None
    s3 = boto3.client(
        "s3",
        endpoint_url=first.s3_endpoint,
        region_name="us-east-1",
        aws_access_key_id=first.s3_access_key.get_secret_value(),
        aws_secret_access_key=first.s3_secret_key.get_secret_value(),
    )
    s3.create_bucket(Bucket="kept")
    s3.close()

    assert sorted(down(own.data_dir).ended) == ["Elasticsearch", "Kafka", "S3Proxy"]
    assert processes(own) == []
    assert set(states(own).values()) == {State.STOPPED}
    assert not up(own).already_running

    second = settings()
    assert second.kafka_bootstrap != first.kafka_bootstrap
    assert second.s3_secret_key == first.s3_secret_key
    admin = KafkaAdminClient(bootstrap_servers=second.kafka_bootstrap)
    assert "kept" in admin.list_topics()
    admin.close()
    with elasticsearch.Elasticsearch(second.elasticsearch_url) as client:
        assert client.indices.exists(index="kept")
    assert (own.data_dir / "stack" / "s3" / "data" / "kept").is_dir()


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, -signal.SIGINT), (signal.SIGTERM, 143)]
)
def test_an_interrupted_up_leaves_no_process(
    own: StackConfig, number: signal.Signals, status: int
) -> None:
    with in_another_process(own, "all") as starting:
        assert eventually(lambda: len(processes(own)) == 3)
        starting.send_signal(number)
        starting.communicate(timeout=30)
    assert starting.returncode == status
    assert processes(own) == []
    assert not (own.data_dir / "stack.json").exists()


def test_what_a_killed_up_has_started_is_adopted_by_the_next(own: StackConfig) -> None:
    with in_another_process(own, "s3") as starting:
        assert eventually((own.data_dir / "stack.json").exists)
        starting.kill()
    (started,) = processes(own)
    again = start_server(own, "s3")
    assert again.already_running
    assert states(own)["s3"] is State.RUNNING
    assert processes(own) == [started]


def test_of_two_ups_at_once_one_starts_and_the_other_finds(own: StackConfig) -> None:
    with in_another_process(own, "s3") as one, in_another_process(own, "s3") as other:
        said = [one.communicate(timeout=60)[0], other.communicate(timeout=60)[0]]
    assert sorted(said) == ["already\n", "started\n"]
    assert len(processes(own)) == 1


def test_a_server_without_a_record_is_ended_and_started_anew(own: StackConfig) -> None:
    start_server(own, "s3")
    (orphan,) = processes(own)
    (own.data_dir / "stack.json").unlink()
    again = start_server(own, "s3")
    assert again.notes == (f"ended a S3Proxy that no stack.json knew of (pid {orphan.pid})",)
    assert states(own)["s3"] is State.RUNNING
    assert orphan not in processes(own)


def test_a_number_that_another_program_has_now_is_not_taken_for_the_server(
    own: StackConfig,
) -> None:
    start_server(own, "s3")
    file = own.data_dir / "stack.json"
    written = json.loads(file.read_text("utf-8"))
    stop_server(own.data_dir, "s3", kill=True)
    written["servers"][0]["pid"] = os.getpid()
    file.write_text(json.dumps(written), "utf-8")
    assert states(own)["s3"] is State.STALE
    again = start_server(own, "s3")
    assert again.notes == (
        f"S3Proxy had ended unexpectedly (pid {os.getpid()},"
        " a number that another program has now)",
    )
    assert down(own.data_dir).ended == ("S3Proxy",)


def test_a_server_stopped_on_purpose_comes_back_on_its_port(own: StackConfig) -> None:
    before = start_server(own, "s3").servers
    stop_server(own.data_dir, "s3")
    assert states(own)["s3"] is State.STOPPED
    after = start_server(own, "s3")
    assert after.notes == ()
    assert [one.address for one in after.servers] == [one.address for one in before]


def test_a_configured_port_in_use_is_named_with_its_user(own: StackConfig) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(StackError, match=rf"S3Proxy .* port {port}: .*\(pid {os.getpid()}\)"):
            start_server(replace(own, s3_port=port), "s3")
    assert processes(own) == []


def test_a_running_server_is_not_moved_to_another_port(own: StackConfig) -> None:
    start_server(own, "s3")
    with pytest.raises(StackError, match=r"S3Proxy runs already, on port \d+ and not 4444"):
        start_server(replace(own, s3_port=4444), "s3")


def test_a_server_that_dies_while_starting_is_one_line_and_how_its_log_ends_is_shown(
    own: StackConfig, caplog: pytest.LogCaptureFixture
) -> None:
    data = own.data_dir / "stack" / "kafka" / "data"
    Home(own.data_dir).claim()
    data.mkdir(parents=True)
    (data / "meta.properties").write_text("version=1\ncluster.id=another\nnode.id=1\n")
    with pytest.raises(StackError, match="Kafka ended while starting") as died:
        start_server(own, "kafka")
    assert str(own.data_dir / "stack" / "logs" / "kafka.log") in str(died.value)
    assert "\n" not in str(died.value)
    assert "Invalid cluster.id" in caplog.text
    assert not (own.data_dir / "stack.json").exists()


def test_purge_removes_what_is_ours_and_nothing_else(own: StackConfig) -> None:
    start_server(own, "s3")
    (own.data_dir / "airflow.cfg").write_text("not ours")
    stopped = down(own.data_dir, purge=True)
    assert stopped.ended == ("S3Proxy",)
    assert stopped.purged
    assert sorted(path.name for path in own.data_dir.iterdir()) == ["airflow.cfg", "stack.lock"]


def test_down_of_nothing_says_so(tmp_path: Path) -> None:
    stopped = down(tmp_path / "never", purge=True)
    assert stopped.ended == ()
    assert not stopped.purged
