"""Write ``models/models.json``: the names, hashes and generation of the weights that ship.

    python -m training.seal --generation N [--models DIR]

Raise the generation with each change of any weights: it is part of what an enrichment's index
version is made of, so the newer one wins.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from newswire.config import ROOT
from newswire.enrichment.manifest import Manifest, Weights, sha256_of

FILES = {
    "encoder": ("all-MiniLM-L6-v2-int8", "encoder/model.int8.onnx"),
    "summary": ("minilm-l6-sentences", "summary/model.onnx"),
    "stance": ("bge-small-cross-encoder", "stance/model.int8.onnx"),
}


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--models", type=Path, default=ROOT / "models")
    parser.add_argument("--generation", type=int, required=True)
    options = parser.parse_args()
    weights = {
        task: Weights(name=name, file=file, sha256=sha256_of(options.models / file))
        for task, (name, file) in FILES.items()
    }
    manifest = Manifest(generation=options.generation, **weights)
    out = options.models / "models.json"
    out.write_text(manifest.model_dump_json(indent=2) + "\n", "utf-8")
    sys.stdout.write(f"{out}: generation {manifest.generation}\n")


if __name__ == "__main__":
    main()
