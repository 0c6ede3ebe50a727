"""What a stack writes down, what it removes, and who may change it."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from newswire.config import load_settings
from newswire.errors import StackError
from newswire.stack import State, record, status
from newswire.stack.home import Credentials, Home, locked
from newswire.stack.interrupt import Interrupt
from newswire.stack.record import ServerRecord

CREDENTIALS = Credentials("key", "secret")
RECORDS = {
    "kafka": ServerRecord("kafka", 1001, 7, 1.5, "/k.log"),
    "elasticsearch": ServerRecord("elasticsearch", 1002, None, None, "/e.log"),
    "s3": ServerRecord("s3", 1003, 9, 2.5, "/s.log"),
}


def test_records_are_read_back_as_written(tmp_path: Path) -> None:
    record.write(tmp_path / "stack.json", RECORDS, CREDENTIALS)
    assert record.read(tmp_path / "stack.json") == RECORDS


def test_the_settings_read_the_addresses_from_the_stacks_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("NEWSWIRE_")]:
        monkeypatch.delenv(name)
    record.write(Home(tmp_path).file, RECORDS, CREDENTIALS)
    settings = load_settings(data_dir=tmp_path)
    assert settings.kafka_bootstrap == "127.0.0.1:1001"
    assert settings.elasticsearch_url == "http://127.0.0.1:1002"
    assert settings.s3_endpoint == "http://127.0.0.1:1003"
    assert settings.s3_secret_key is not None
    assert settings.s3_secret_key.get_secret_value() == "secret"
    assert Home(tmp_path).file.stat().st_mode & 0o777 == 0o600


def test_no_records_is_no_file(tmp_path: Path) -> None:
    record.write(tmp_path / "stack.json", RECORDS, CREDENTIALS)
    record.write(tmp_path / "stack.json", {}, CREDENTIALS)
    assert not (tmp_path / "stack.json").exists()
    assert record.read(tmp_path / "stack.json") == {}


@pytest.mark.parametrize("text", ["", "{", "[]", '{"servers": [{"name": "kafka"}]}'])
def test_a_damaged_stacks_file_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "stack.json").write_text(text)
    with pytest.raises(StackError, match=f"can't read {tmp_path / 'stack.json'}"):
        record.read(tmp_path / "stack.json")


def test_a_recorded_process_that_is_another_program_is_not_the_server(tmp_path: Path) -> None:
    mine = ServerRecord("kafka", 1001, os.getpid(), 1.0, "/k.log")
    record.write(Home(tmp_path).file, {"kafka": mine}, CREDENTIALS)
    states = {server.name: server.state for server in status(tmp_path)}
    assert states == {
        "kafka": State.STALE,
        "elasticsearch": State.STOPPED,
        "s3": State.STOPPED,
    }


def test_the_s3_key_is_random_and_kept(tmp_path: Path) -> None:
    one, other = Home(tmp_path / "one"), Home(tmp_path / "other")
    one.claim()
    other.claim()
    assert one.credentials() == one.credentials()
    assert one.credentials().secret_key != other.credentials().secret_key
    assert len(one.credentials().secret_key) >= 40


def test_a_directory_with_content_of_others_is_not_claimed(tmp_path: Path) -> None:
    (tmp_path / "stack").mkdir()
    (tmp_path / "stack" / "thesis.txt").write_text("years of work")
    with pytest.raises(StackError, match="content that no embedded stack made"):
        Home(tmp_path).claim()
    assert [path.name for path in (tmp_path / "stack").iterdir()] == ["thesis.txt"]


def test_a_directory_without_our_mark_is_not_purged(tmp_path: Path) -> None:
    (tmp_path / "stack").mkdir()
    (tmp_path / "stack" / "thesis.txt").write_text("years of work")
    with pytest.raises(StackError, match="nothing was removed"):
        Home(tmp_path).purge()
    assert (tmp_path / "stack" / "thesis.txt").exists()


def test_a_data_directory_that_cannot_be_made_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StackError, match="NEWSWIRE_DATA_DIR"):
        Home(tmp_path / "file").claim()


def test_a_lock_that_is_held_is_waited_for_and_then_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newswire.stack.home.LOCK_PATIENCE", 0.2)
    with (
        Interrupt() as interrupt,
        locked(tmp_path / "lock", interrupt),
        pytest.raises(StackError, match="another process has held"),
        locked(tmp_path / "lock", interrupt),
    ):
        pass


def test_a_signal_is_raised_when_it_is_looked_for_and_not_before() -> None:
    reached = False
    with pytest.raises(SystemExit) as ended, Interrupt() as interrupt:  # noqa: PT012
        os.kill(os.getpid(), signal.SIGTERM)
        reached = True
        interrupt.check()
    assert reached
    assert ended.value.code == 128 + signal.SIGTERM
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_a_signal_that_nobody_looked_for_is_raised_at_the_end() -> None:
    with pytest.raises(KeyboardInterrupt), Interrupt():
        os.kill(os.getpid(), signal.SIGINT)
