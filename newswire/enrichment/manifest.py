"""``models/models.json``: which weights ship, and that they are the ones that were measured."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from newswire.errors import ConfigError
from newswire.stories.model import ModelRevision


class Weights(BaseModel):
    """One model file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1)
    file: str = Field(description="Relative to models/.")
    sha256: str = Field(pattern="^[0-9a-f]{64}$")


class Manifest(BaseModel):
    """The models of one generation."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    generation: int = Field(ge=0, lt=1024, description="Raised with each change of any weights.")
    encoder: Weights
    summary: Weights
    stance: Weights

    def revisions(self) -> tuple[ModelRevision, ...]:
        """For the provenance of what these models make."""
        return tuple(
            ModelRevision(task=task, name=weights.name, revision=weights.sha256)
            for task, weights in (
                ("encoder", self.encoder),
                ("summary", self.summary),
                ("stance", self.stance),
            )
        )


def load_manifest(models: Path) -> Manifest:
    """Read ``models.json`` and hold the files against it.

    Raises:
        ConfigError: where it, or a file that it names, is missing or not the one it was.
    """
    file = models / "models.json"
    remedy = "restore models/ from the repository"
    try:
        manifest = Manifest.model_validate_json(file.read_bytes())
        for weights in (manifest.encoder, manifest.summary, manifest.stance):
            found = sha256_of(models / weights.file)
            if found != weights.sha256:
                raise ConfigError(
                    f"{models / weights.file} is not the one that {file} names "
                    f"(sha256 {found[:12]}…, wanted {weights.sha256[:12]}…)",
                    remedy,
                )
    except OSError as error:
        raise ConfigError(f"{error.filename}: {error.strerror}", remedy) from None
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "JSON"
        raise ConfigError(f"{file}: {where}: {first['msg']}", remedy) from None
    return manifest


def sha256_of(file: Path) -> str:
    """The content hash of a file, 64 hexadecimal digits."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
