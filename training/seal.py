"""Write ``models/models.json``: the names, hashes and generation of the weights that ship.

    python -m training.seal [--generation N] [--models DIR]

The generation rises with each change of any weights: it is part of what an enrichment's index
version is made of, so the newer one wins. Without ``--generation`` it is the next one, or stays
where the weights are those that were sealed before.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from newswire.config import ROOT
from newswire.enrichment.manifest import Manifest, Weights, read_manifest, sha256_of

FILES = {
    "encoder": ("all-MiniLM-L6-v2-int8", "encoder/model.int8.onnx"),
    "summary": ("minilm-l6-words", "summary/model.int8.onnx"),
    "stem": ("bge-small-stem-int8", "stem/model.int8.onnx"),
    "stance": ("bge-small-cross-encoder", "stance/model.int8.onnx"),
    "reader": ("bge-small-reader", "reader/model.int8.onnx"),
    "roles": ("bge-small-reader-roles", "reader/roles.onnx"),
    "mentions": ("linear-mentions", "mentions/model.json"),
}


def next_generation(models: Path, weights: Mapping[str, Weights]) -> int:
    """Of these weights, after those that ``models.json`` names; 0: it names none."""
    if not (models / "models.json").exists():
        return 0
    sealed = read_manifest(models)
    same = all(getattr(sealed, task, None) == own for task, own in weights.items())
    return sealed.generation + (not same)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--models", type=Path, default=ROOT / "models")
    parser.add_argument("--generation", type=int)
    options = parser.parse_args(arguments)
    weights = {
        task: Weights(name=name, file=file, sha256=sha256_of(options.models / file))
        for task, (name, file) in FILES.items()
    }
    generation = options.generation
    if generation is None:
        generation = next_generation(options.models, weights)
    manifest = Manifest(generation=generation, **weights)
    out = options.models / "models.json"
    out.write_text(manifest.model_dump_json(indent=2) + "\n", "utf-8")
    sys.stdout.write(f"{out}: generation {manifest.generation}\n")


if __name__ == "__main__":
    main()
