"""Where a model is, and whether it is what it is configured for: an id on a hub, or a folder.

A folder is read without any network. An id is looked up in the cache of ``huggingface_hub`` and on
its hub, once at the start of a worker, under that library's own variables (``HF_HUB_OFFLINE``,
``HF_HOME``, ``HF_ENDPOINT``, ``HF_TOKEN``); from then on it is a folder too.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import torch
import transformers
from huggingface_hub import snapshot_download
from huggingface_hub.errors import HfHubHTTPError

from newswire.enrichment.manifest import sha256_of
from newswire.errors import ConfigError

_ID = re.compile(r"[\w.-]+(?:/[\w.-]+)?(?:@[\w./-]+)?")
"""``owner/name``, or ``owner/name@revision``: a branch, a tag or a commit of its repository."""

_FILES = ["*.json", "*.txt", "*.model", "*.safetensors"]
_OLD_FILES = [*_FILES, "*.bin"]
_NOT_FILES = ["*/*", "training_args.bin", "optimizer.bin"]

LONGEST = 512
"""Tokens of an input, unless a model says less."""

T = TypeVar("T")


@dataclass(frozen=True)
class Found:
    """A model that is on this machine."""

    name: str
    """As it was configured."""
    folder: Path
    revision: str
    """sha256 of the weights: of the file; of several, of their names and sums."""
    variable: str
    """The setting that names it, for messages."""

    def wrong(self, cause: str, remedy: str | None = None) -> ConfigError:
        """What to raise where it can't do what it is for."""
        return ConfigError(f"{self.variable}: {self.name} {cause}", remedy)


def prepare(threads: int) -> None:
    """Pin torch's threads, and keep advice and progress bars out of a worker's log."""
    torch.set_num_threads(threads)
    transformers.utils.logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]


def device(wanted: str) -> str:
    """The device that a setting means: ``auto`` is the GPU where torch sees one.

    Raises:
        ConfigError: a GPU is asked for that isn't there.
    """
    count = torch.cuda.device_count() if torch.cuda.is_available() else 0
    if wanted == "auto":
        return "cuda" if count else "cpu"
    number = int(wanted.partition(":")[2] or 0)
    if wanted.startswith("cuda") and number >= count:
        raise ConfigError(
            f"NEWSWIRE_MODEL_DEVICE is {wanted}, and torch sees {count} GPUs", "use cpu or auto"
        )
    return wanted


def find(name: str, variable: str) -> Found:
    """A model by its path or its id.

    Raises:
        ConfigError: it isn't there, or has no weights.
    """
    path = Path(name).expanduser()
    folder = path if path.is_dir() else _fetched(name, variable)
    weights = _weights(folder)
    if not weights or not (folder / "config.json").is_file():
        raise ConfigError(
            f"{variable}: {folder} has no config.json, or no weights beside it",
            "name a folder that save_pretrained() of transformers wrote",
        )
    return Found(name, folder, _revision(weights), variable)


def tokenizer(found: Found) -> Any:
    """Its tokeniser.

    Raises:
        ConfigError: it has none that can be read.
    """
    with _told(found):
        return transformers.AutoTokenizer.from_pretrained(found.folder, local_files_only=True)


def config(found: Found) -> Any:
    """Its configuration.

    Raises:
        ConfigError: it can't be read, or asks for code of its own.
    """
    with _told(found):
        return transformers.AutoConfig.from_pretrained(found.folder, local_files_only=True)


def model(found: Found, kind: Any, where: str) -> Any:
    """The model as one of ``kind`` (a class ``AutoModelFor…``), in fp32, for inference.

    Raises:
        ConfigError: its weights can't be read, or are not those of such a model.
    """
    with _told(found):
        loaded, report = kind.from_pretrained(
            found.folder, local_files_only=True, dtype=torch.float32, output_loading_info=True
        )
    # What isn't in the file was drawn by chance.
    if missing := sorted(report["missing_keys"]):
        raise found.wrong(
            f"was not trained for this: its weights lack {', '.join(missing[:3])}"
            + (" and others" if len(missing) > 3 else ""),
            "name a model that was fine-tuned for the task",
        )
    return loaded.to(where).eval()


def tried(found: Found, call: Callable[[], T]) -> T:
    """Run a model once on a text that is surely right: whatever it raises is the model's fault.

    Raises:
        ConfigError: with what it raised.
    """
    with _told(found):
        return call()


def longest(model_config: Any, model_tokenizer: Any, most: int = LONGEST) -> int:
    """Tokens that a model reads: at most ``most``, and as many as it has positions.

    RoBERTa and its like begin counting positions behind the padding's number.
    """
    positions = getattr(model_config, "max_position_embeddings", None)
    limits = [most, int(model_tokenizer.model_max_length)]
    if isinstance(positions, int) and positions > 0:
        limits.append(positions - 2)
    return min(limits)


@contextmanager
def _told(found: Found) -> Iterator[None]:
    try:
        yield
    except ConfigError:
        raise
    except Exception as error:  # of transformers, tokenizers, torch: they share no base class
        said = " ".join(str(error).split())[:300] or type(error).__name__
        raise found.wrong(f"can't be used: {said}") from error


def _fetched(name: str, variable: str) -> Path:
    """The folder of an id, from the cache or from its hub."""
    if not _ID.fullmatch(name) or name.startswith("."):
        raise ConfigError(f"{variable}: there is no folder {name}", "name a folder, or an id")
    repository, _, revision = name.partition("@")
    try:
        for patterns in (_FILES, _OLD_FILES):
            folder = Path(
                snapshot_download(
                    repository,
                    revision=revision or None,
                    allow_patterns=patterns,
                    ignore_patterns=_NOT_FILES,
                )
            )
            if _weights(folder):
                break
    except (OSError, ValueError, HfHubHTTPError) as error:
        said = " ".join(str(error).split())[:200]
        raise ConfigError(
            f"{variable}: there is no folder {name}, and no model of that id can be had: {said}",
            "name a folder; an id has to be in the cache, or on a hub that can be reached",
        ) from error
    return folder


def _weights(folder: Path) -> list[Path]:
    """The files that are loaded: safetensors where there are any, as ``transformers`` prefers."""
    for stem, ending in (("model", "safetensors"), ("pytorch_model", "bin")):
        whole = folder / f"{stem}.{ending}"
        if whole.is_file():
            return [whole]
        index = folder / f"{stem}.{ending}.index.json"
        if index.is_file():
            return _shards(index)
    return []


def _shards(index: Path) -> list[Path]:
    try:
        names = set(json.loads(index.read_text("utf-8"))["weight_map"].values())
    except (ValueError, KeyError, AttributeError):
        return []
    shards = [index.parent / str(name) for name in sorted(names)]
    return shards if all(shard.is_file() for shard in shards) else []


def _revision(weights: Sequence[Path]) -> str:
    sums = [(file.name, sha256_of(file)) for file in weights]
    if len(sums) == 1:
        return sums[0][1]
    return hashlib.sha256("".join(f"{own}  {name}\n" for name, own in sums).encode()).hexdigest()
