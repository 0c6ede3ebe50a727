"""How the servers' configuration is written, and how they are started."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from newswire.stack.home import Credentials, Home
from newswire.stack.jars import Jars, fingerprint
from newswire.stack.java import Jdk
from newswire.stack.process import mark
from newswire.stack.servers import ELASTICSEARCH, KAFKA, S3, Ports, Server, prepare, render

CREDENTIALS = Credentials("key", "very-secret")


def prepared(server: Server, data_dir: Path) -> tuple[list[str], Path]:
    home = Home(data_dir)
    home.claim()
    command = prepare(
        server, home, Ports(1001, 1002), Jars(Path("/jars")), Jdk(Path("/jdk"), 25), CREDENTIALS
    )
    return command, home.of(server.name) / "config"


def properties(path: Path) -> dict[str, str]:
    lines = [line for line in path.read_text("ascii").splitlines() if line and line[0] != "#"]
    return dict(line.split("=", 1) for line in lines)


def test_kafka_gets_both_its_ports_and_its_data_directory(tmp_path: Path) -> None:
    _, config = prepared(KAFKA, tmp_path)
    written = properties(config / "server.properties")
    assert written["listeners"] == "BROKER://127.0.0.1:1001,CONTROLLER://127.0.0.1:1002"
    assert written["controller.quorum.voters"] == "1@127.0.0.1:1002"
    assert written["log.dirs"] == str(tmp_path / "stack" / "kafka" / "data")


def test_elasticsearch_gets_both_its_ports_and_its_data_directory(tmp_path: Path) -> None:
    _, config = prepared(ELASTICSEARCH, tmp_path)
    written = yaml.safe_load((config / "elasticsearch.yml").read_text("utf-8"))
    assert written["http.port"] == 1001
    assert written["transport.port"] == 1002
    assert written["network.host"] == "127.0.0.1"
    assert written["path.data"] == str(tmp_path / "stack" / "elasticsearch" / "data")


def test_the_s3_secret_is_written_for_its_owner_only_and_on_no_command_line(
    tmp_path: Path,
) -> None:
    command, config = prepared(S3, tmp_path)
    file = config / "s3proxy.properties"
    assert properties(file)["s3proxy.credential"] == "very-secret"
    assert file.stat().st_mode & 0o777 == 0o600
    assert "very-secret" not in " ".join(command)
    assert "very-secret" not in repr(CREDENTIALS)


@pytest.mark.parametrize("server", [KAFKA, ELASTICSEARCH, S3], ids=lambda server: server.name)
def test_every_server_carries_the_mark_of_its_directory(tmp_path: Path, server: Server) -> None:
    command, _ = prepared(server, tmp_path)
    assert mark(Home(tmp_path).of(server.name)) in command
    assert command[0] == "/jdk/bin/java"
    assert command[command.index("-cp") + 1] == f"/jars/{server.folder}/*"


def test_a_path_of_any_letters_is_escaped_for_java() -> None:
    written = render("a.properties", "dir=${data}", {"data": "/home/Łódź 📰/C:\\x"})
    assert written == r"dir=/home/\u0141\u00f3d\u017a \ud83d\udcf0/C:\\x"


def test_a_path_that_means_something_in_yaml_is_quoted() -> None:
    path = "/it's: #1"
    assert yaml.safe_load(render("a.yml", "dir: ${data}", {"data": path})) == {"dir": path}


def test_a_name_in_a_template_that_nobody_fills_in_is_an_error() -> None:
    with pytest.raises(KeyError, match="prot"):
        render("a.yml", "port: ${prot}", {"port": "1"})


def test_a_build_of_jars_is_named_by_poms_and_java_sources_alone(tmp_path: Path) -> None:
    (tmp_path / "kafka").mkdir()
    (tmp_path / "pom.xml").write_text("1")
    (tmp_path / "kafka" / "A.java").write_text("1")
    first = fingerprint(tmp_path)
    (tmp_path / "kafka" / "server.properties").write_text("1")
    assert fingerprint(tmp_path) == first
    (tmp_path / "kafka" / "A.java").write_text("2")
    second = fingerprint(tmp_path)
    (tmp_path / "pom.xml").write_text("2")
    assert len({first, second, fingerprint(tmp_path)}) == 3
