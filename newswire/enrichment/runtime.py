"""ONNX Runtime with its threads pinned: left alone, it sizes itself from the host."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import onnxruntime

from newswire.errors import ConfigError

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]

_In = TypeVar("_In")
_Out = TypeVar("_Out")


def usable_threads(cgroup: Path = Path("/sys/fs/cgroup")) -> int:
    """How many threads this process may keep busy: its affinity, and its container's CPU limit."""
    count = len(os.sched_getaffinity(0))
    for quota, period in _limits(cgroup):
        if quota > 0 and period > 0:
            count = min(count, math.ceil(quota / period))
    return max(1, count)


def _limits(cgroup: Path) -> Iterable[tuple[int, int]]:
    """``(quota, period)`` in microseconds, as cgroup v2 and v1 state them."""
    with suppress(OSError, ValueError):  # no such file, or "max": no limit
        quota, period = (cgroup / "cpu.max").read_text("ascii").split()
        yield int(quota), int(period)
    with suppress(OSError, ValueError):
        yield (
            int((cgroup / "cpu" / "cpu.cfs_quota_us").read_text("ascii")),
            int((cgroup / "cpu" / "cpu.cfs_period_us").read_text("ascii")),
        )


class Model:
    """An ONNX model whose every run takes exactly one thread: the caller's.

    Work is spread by running several inputs at once (:class:`Threads`), which scales better than
    several threads inside one small matrix product.
    """

    def __init__(self, path: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(
                str(path), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # ONNX Runtime's exceptions share no base class
            raise ConfigError(
                f"{path} can't be loaded: {error}", "restore models/ from the repository"
            ) from error

    def __call__(self, inputs: Mapping[str, Floats | Integers]) -> list[Floats]:
        """Run once; inputs by name, outputs in the model's order."""
        outputs: list[Floats] = self._session.run(None, dict(inputs))
        return outputs


class Threads:
    """Runs a function over many inputs on a fixed number of threads, results in order."""

    def __init__(self, count: int = 0) -> None:
        """``count`` 0: as many as this process may use."""
        self.count = count or usable_threads()
        self._pool = (
            ThreadPoolExecutor(self.count, thread_name_prefix="enrich") if self.count > 1 else None
        )

    def map(self, function: Callable[[_In], _Out], inputs: Iterable[_In]) -> list[_Out]:
        """``[function(input) for input in inputs]``; the first exception is raised."""
        if self._pool is None:
            return [function(item) for item in inputs]
        return list(self._pool.map(function, inputs))

    def close(self) -> None:
        """End the threads."""
        if self._pool is not None:
            self._pool.shutdown()
