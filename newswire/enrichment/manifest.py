"""``models/models.json``: which weights ship, and that they are the ones that were measured."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from newswire.errors import ConfigError
from newswire.stories.enriched import GENERATIONS, WATCHLIST_REVISIONS, ModelRevision


class Weights(BaseModel):
    """One model file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1)
    file: str = Field(description="Relative to models/.")
    sha256: str = Field(pattern="^[0-9a-f]{64}$")


class Manifest(BaseModel):
    """The models of one generation."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    generation: int = Field(
        ge=0,
        lt=GENERATIONS // WATCHLIST_REVISIONS,
        description="Raised with each change of any weights.",
    )
    encoder: Weights
    summary: Weights
    stem: Weights
    stance: Weights
    reader: Weights
    roles: Weights
    mentions: Weights

    def weights(self) -> dict[str, Weights]:
        """Every file, by its task."""
        return {task: getattr(self, task) for task in TASKS}

    def revisions(self) -> tuple[ModelRevision, ...]:
        """For the provenance of what these models make."""
        return tuple(
            ModelRevision(task=task, name=own.name, revision=own.sha256)
            for task, own in self.weights().items()
        )


TASKS = tuple(name for name in Manifest.model_fields if name != "generation")
"""What there are models for; the order of a provenance."""

_REMEDY = "restore models/ from the repository"


def load_manifest(models: Path) -> Manifest:
    """Read ``models.json`` and hold the files against it.

    Raises:
        ConfigError: where it, or a file that it names, is missing or not the one it was.
    """
    manifest = read_manifest(models)
    for weights in manifest.weights().values():
        try:
            found = sha256_of(models / weights.file)
        except OSError as error:
            raise ConfigError(f"{error.filename}: {error.strerror}", _REMEDY) from None
        if found != weights.sha256:
            raise ConfigError(
                f"{models / weights.file} is not the one that {_file(models)} names "
                f"(sha256 {found[:12]}…, wanted {weights.sha256[:12]}…)",
                _REMEDY,
            )
    return manifest


def read_manifest(models: Path) -> Manifest:
    """Read ``models.json`` only; the weights need not be there.

    Raises:
        ConfigError: where it is missing or wrong.
    """
    file = _file(models)
    try:
        return Manifest.model_validate_json(file.read_bytes())
    except OSError as error:
        raise ConfigError(f"{error.filename}: {error.strerror}", _REMEDY) from None
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "JSON"
        raise ConfigError(f"{file}: {where}: {first['msg']}", _REMEDY) from None


def _file(models: Path) -> Path:
    return models / "models.json"


def sha256_of(file: Path) -> str:
    """The content hash of a file, 64 hexadecimal digits."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
