"""Documents that are files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from newswire.config import load_settings
from newswire.errors import FetchError, NotYet
from newswire.sources.fetch import Fetcher
from newswire.sources.fetched import Fetched, NotModified
from newswire.sources.files import list_directory, list_settled, read_file
from newswire.sources.kinds import DirectorySource, DocumentSource, FeedSource, Source
from newswire.sources.listing import documents_of
from newswire.sources.notes import NotesOfThisRun


def names(folder: Path, pattern: str = "*") -> list[str]:
    return [str(Path(one).relative_to(folder)) for one in list_directory(folder, pattern)]


def test_files_are_listed_by_name_and_folders_are_not(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt"):
        (tmp_path / name).touch()
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "c.txt").touch()
    assert names(tmp_path) == ["a.txt", "b.txt"]
    assert names(tmp_path, "**/*.txt") == ["a.txt", "b.txt", "folder/c.txt"]


@pytest.mark.parametrize(
    "name", [".hidden", "a.txt.tmp", "a.TMP", "a.part", "a.filepart", ".a.swp", "a.partial"]
)
def test_a_hidden_file_and_one_still_being_written_are_left_out(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    assert names(tmp_path) == []
    (tmp_path / "template.txt").touch()
    assert names(tmp_path) == ["template.txt"]


def test_a_file_in_a_hidden_folder_is_hidden(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").touch()
    assert names(tmp_path, "**/*") == []


def test_a_link_that_leads_out_of_the_folder_is_left_out(tmp_path: Path) -> None:
    folder, outside = tmp_path / "in", tmp_path / "secret.txt"
    folder.mkdir()
    outside.touch()
    (folder / "own.txt").touch()
    (folder / "link-inside.txt").symlink_to(folder / "own.txt")
    (folder / "link-outside.txt").symlink_to(outside)
    (folder / "broken.txt").symlink_to(folder / "nothing")
    assert names(folder) == ["link-inside.txt", "own.txt"]
    assert names(folder, "../*") == []


@pytest.mark.parametrize("pattern", ["", "/etc/*"])
def test_a_pattern_that_is_none_is_said(tmp_path: Path, pattern: str) -> None:
    with pytest.raises(FetchError, match="can't be read: "):
        list_directory(tmp_path, pattern)


def test_a_folder_that_is_not_there_or_is_none_is_said(tmp_path: Path) -> None:
    with pytest.raises(FetchError, match=r"nowhere can't be read: .*No such file"):
        list_directory(tmp_path / "nowhere")
    (tmp_path / "file").touch()
    with pytest.raises(FetchError, match="file is not a directory"):
        list_directory(tmp_path / "file")


def test_a_file_is_read_up_to_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"12345")
    assert read_file(str(path), 5).data == b"12345"
    with pytest.raises(FetchError, match="larger than the limit of 4 bytes; raise NEWSWIRE_FETCH"):
        read_file(str(path), 4)


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FetchError, match="not a regular file"):
        read_file(str(tmp_path / "pipe"), 10)


@pytest.mark.parametrize(
    ("uri", "cause"),
    [
        ("/nowhere/at/all", "No such file or directory"),
        ("/", "Is a directory"),
        ("/dev/zero", "not a regular file"),
        ("a\0b", "embedded null byte"),
    ],
)
def test_a_file_that_can_not_be_read_is_said(uri: str, cause: str) -> None:
    with pytest.raises(FetchError, match=cause):
        read_file(uri, 10)


def settled(folder: Path, settle_s: float, now: float) -> list[str]:
    return [Path(one.uri).name for one in list_settled(folder, "*", settle_s, now)]


def test_a_file_that_was_written_to_a_moment_ago_is_left_for_the_next_run(tmp_path: Path) -> None:
    for name, written_at in (("old.txt", 1000), ("growing.txt", 1009), ("future.txt", 5000)):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (written_at, written_at))
    assert settled(tmp_path, 2, now=1010) == ["future.txt", "old.txt"]
    assert settled(tmp_path, 2, now=1011) == ["future.txt", "growing.txt", "old.txt"]
    assert settled(tmp_path, 0, now=1009) == ["future.txt", "growing.txt", "old.txt"]


def test_a_file_that_has_grown_since_it_was_listed_is_left_for_the_next_run(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"the first half")
    (listed,) = list_settled(tmp_path, "*", 0)
    assert read_file(str(path), 100, listed.state).validators.listed == listed.state
    with path.open("ab") as file:
        file.write(b" and the second")
    with pytest.raises(NotYet, match="is being written to"):
        read_file(str(path), 100, listed.state)


def test_a_file_that_has_not_changed_since_it_was_dealt_with_is_not_read_again(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"story")
    fetcher = Fetcher(load_settings())
    (listed,) = list_settled(tmp_path, "*", 0)
    first = fetcher.fetch(listed.uri, None, listed.state)
    assert isinstance(first, Fetched)
    assert fetcher.fetch(listed.uri, first.validators, listed.state) == NotModified()
    path.write_bytes(b"other")
    (listed,) = list_settled(tmp_path, "*", 0)
    assert isinstance(fetcher.fetch(listed.uri, first.validators, listed.state), Fetched)


def test_a_source_has_its_documents(tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch()
    directory = DirectorySource(kind="directory", path=tmp_path, settle=0)
    assert uris_of(directory) == [str(tmp_path / "a.txt")]
    feed = FeedSource(kind="feed", url="https://example.org/feed")
    assert uris_of(feed) == ["https://example.org/feed"]
    assert uris_of(DocumentSource(kind="document", uri="a.txt")) == ["a.txt"]


def uris_of(source: Source) -> list[str]:
    listing = documents_of(source, load_settings(), NotesOfThisRun())
    return [one.uri for one in listing.documents]
