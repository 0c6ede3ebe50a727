"""Compressed bytes: expanded piece by piece, and never for long."""

from __future__ import annotations

import gzip

import pytest

from newswire.errors import FetchError
from newswire.sources.expand import bounded, gunzip

MEMBER = gzip.compress(b"A line of the wire.\n")
NOTHING = gzip.compress(b"")


def test_members_are_read_one_after_the_other_wherever_the_chunks_end() -> None:
    data = MEMBER * 500
    whole = b"A line of the wire.\n" * 500

    assert bounded(gunzip([data]), 10**6) == whole
    assert bounded(gunzip([data[at : at + 7] for at in range(0, len(data), 7)]), 10**6) == whole


def test_a_stream_of_members_that_hold_nothing_is_refused_before_it_is_read() -> None:
    with pytest.raises(FetchError, match="more than 10,000 members"):
        bounded(gunzip([NOTHING * 2_000_000]), 10**6)


@pytest.mark.parametrize("padding", [b"\0" * 512, b"\n"])
def test_padding_behind_the_end_is_no_part_of_the_data(padding: bytes) -> None:
    assert bounded(gunzip([MEMBER + padding]), 10**6) == b"A line of the wire.\n"


def test_data_that_end_too_early_say_so() -> None:
    with pytest.raises(FetchError, match="ends too early"):
        bounded(gunzip([MEMBER[:-4]]), 10**6)
