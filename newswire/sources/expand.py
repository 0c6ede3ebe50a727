"""Compressed bytes, expanded piece by piece and never past a limit."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from newswire.errors import FetchError

_GZIP = 16 + zlib.MAX_WBITS
_PIECE_BYTES = 2**20
"""Decompressed at a time: so much more than the limit is held at most."""
_SLICE_BYTES = 64 * 2**10
"""Compressed bytes looked at at a time: zlib copies what it has left of them at each step."""
_MOST_MEMBERS = 10_000
"""Of one stream. Software that writes in blocks makes a member of each 64 KB; 50 MB of members that
hold nothing would keep a processor busy for a minute."""
MAGIC = b"\x1f\x8b"


def gunzip(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """What gzip data hold, also of several members.

    Raises:
        FetchError: they are broken, end too early, or have too many members.
    """
    inflate = zlib.decompressobj(_GZIP)
    nothing = True
    members = 1
    try:
        for chunk in _sliced(chunks):
            while chunk:
                nothing = False
                if inflate.eof:
                    if not chunk.startswith(b"\x1f"):
                        break  # padding behind the end; there are servers that send it
                    members += 1
                    if members > _MOST_MEMBERS:
                        raise FetchError(f"gzip data of more than {_MOST_MEMBERS:,} members")
                    inflate = zlib.decompressobj(_GZIP)
                yield inflate.decompress(chunk, _PIECE_BYTES)
                chunk = inflate.unused_data if inflate.eof else inflate.unconsumed_tail
        yield inflate.flush()
    except zlib.error as error:
        raise FetchError(f"its gzip data is broken: {error}") from error
    if not (inflate.eof or nothing):
        raise FetchError("its gzip data ends too early")


def _sliced(chunks: Iterable[bytes]) -> Iterator[bytes]:
    for chunk in chunks:
        for start in range(0, len(chunk), _SLICE_BYTES):
            yield chunk[start : start + _SLICE_BYTES]


def counted(chunks: Iterable[bytes], max_bytes: int) -> Iterator[bytes]:
    """Compressed chunks as they come, up to the limit: a stream of empty members has no end and
    expands to nothing.

    Raises:
        FetchError: there are more.
    """
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > max_bytes:
            raise too_large(max_bytes)
        yield chunk


def bounded(chunks: Iterable[bytes], max_bytes: int, *, cut: bool = False) -> bytes:
    """The chunks as one, as long as they keep to the limit; ``cut``: what there is up to it.

    Raises:
        FetchError: they don't.
    """
    kept = bytearray()
    for chunk in chunks:
        if len(kept) + len(chunk) > max_bytes:
            if cut:
                return bytes(kept + chunk)[:max_bytes]
            raise too_large(max_bytes)
        kept += chunk
    return bytes(kept)


def too_large(max_bytes: int) -> FetchError:
    """What is said of a document above the limit."""
    return FetchError(
        f"larger than the limit of {max_bytes:,} bytes",
        "raise NEWSWIRE_FETCH_MAX_BYTES if it is wanted",
    )
