"""What the README shows holds whatever becomes of parsers and models."""

from __future__ import annotations

import re

from newswire.config import ROOT
from newswire.demo import documents_to_show
from newswire.formats import parse
from newswire.sources.files import read_file
from newswire.stories.enriched import Enrichment


def test_the_story_that_it_shows_has_its_id_from_a_sample_itself() -> None:
    shown = re.search(r"newswire show (\S+)", (ROOT / "README.md").read_text("utf-8"))
    assert shown is not None
    # Not a hash of what was parsed, which changes with the parsers.
    stated = [
        draft.id
        for uri in documents_to_show([])
        for draft in parse(read_file(uri, 10_000_000).data, uri=uri).drafts
        if draft.id and draft.id.startswith(shown[1])
    ]
    assert len(stated) == 1


def test_the_readme_names_every_field_of_an_enrichment_and_links_every_card() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    row = re.search(r'"enrichment": \{(.*?)\}', text)
    assert row is not None
    assert set(re.findall(r'"(\w+)"', row[1])) == set(Enrichment.model_fields)
    cards = {f"models/{card.parent.name}/README.md" for card in ROOT.glob("models/*/README.md")}
    assert cards <= set(re.findall(r"\((models/[^)#]+)\)", text))
