"""Any sequence-to-sequence model as a writer of summaries.

It writes as its own ``generation_config.json`` says (beams, penalties, lengths), except that it
never samples and that what it writes is bounded: the same story gets the same summary.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
import transformers

from newswire.enrichment.hub import loading
from newswire.enrichment.hub.batching import batches

LONGEST_STORY = 1024
"""Tokens that are read, from the top, unless the model has fewer positions: news stands there, and
it is what models of this kind are trained on."""

LONGEST_CHARACTERS = 40_000
"""Of a story that are tokenised at all."""

LONGEST_SUMMARY = 160
"""Tokens that are written at most, unless the model has fewer positions."""

MOST_BEAMS = 8

_KEPT = (
    "bos_token_id",
    "decoder_start_token_id",
    "early_stopping",
    "eos_token_id",
    "forced_bos_token_id",
    "forced_eos_token_id",
    "length_penalty",
    "no_repeat_ngram_size",
    "pad_token_id",
    "repetition_penalty",
)
"""What of a model's own way to write is taken over as it is."""


class HubWriter:
    """See :class:`newswire.enrichment.summary.written.Writer`."""

    def __init__(
        self, found: loading.Found, device: str, batch_tokens: int, prefix: str | None
    ) -> None:
        """Load the model and try it once.

        Args:
            found: Where it is.
            device: Of torch.
            batch_tokens: Padded tokens of one batch of stories.
            prefix: What the model wants before a text; None: what its configuration names.

        Raises:
            ConfigError: it is no such model.
        """
        self.name = found.name
        self.revision = found.revision
        self._device = device
        self._batch_tokens = batch_tokens
        config = loading.config(found)
        # A classifier on such a model has an encoder and a decoder as well, and writes nothing.
        classifies = any(
            str(name).endswith("Classification")
            for name in getattr(config, "architectures", None) or ()
        )
        if not getattr(config, "is_encoder_decoder", False) or classifies:
            raise found.wrong(
                f"({config.model_type}) is no model that reads one text and writes another",
                "name a sequence-to-sequence model, e.g. a BART, PEGASUS or T5 for summaries",
            )
        self._tokenizer = loading.tokenizer(found)
        self._longest = loading.longest(config, self._tokenizer, LONGEST_STORY)
        self._model = loading.model(found, transformers.AutoModelForSeq2SeqLM, device)
        task = (getattr(config, "task_specific_params", None) or {}).get("summarization", {})
        self._prefix = task.get("prefix", "") if prefix is None else prefix
        most = loading.longest(config, self._tokenizer, LONGEST_SUMMARY)
        self._generation = _generation(self._model.generation_config, task, most)
        loading.tried(found, lambda: self.write(["It rains.", "It rains. " * 20]))

    def write(self, texts: Sequence[str]) -> list[str]:
        """See :class:`newswire.enrichment.summary.written.Writer`."""
        if not texts:
            return []
        read = self._tokenizer(
            [self._prefix + text[:LONGEST_CHARACTERS] for text in texts],
            truncation=True,
            max_length=self._longest,
            return_token_type_ids=False,
        )
        rows = [dict(zip(read, values, strict=True)) for values in zip(*read.values(), strict=True)]
        out = [""] * len(texts)
        for group in batches([len(row["input_ids"]) for row in rows], self._batch_tokens):
            inputs: Any = self._tokenizer.pad([rows[at] for at in group], return_tensors="pt")
            with torch.inference_mode():
                written = self._model.generate(
                    **inputs.to(self._device), generation_config=self._generation
                )
            decoded = self._tokenizer.batch_decode(written, skip_special_tokens=True)
            for at, text in zip(group, decoded, strict=True):
                out[at] = text
        return out


def _generation(own: Any, task: dict[str, Any], most: int) -> Any:
    """The model's own way to write, what it names for summaries first, within our bounds.

    ``most``: tokens that are written, less where the model says so.
    """
    wanted = {name: task.get(name, getattr(own, name, None)) for name in (*_KEPT, "num_beams")}
    longest = min(most, task.get("max_length") or own.max_new_tokens or own.max_length or most)
    wanted["num_beams"] = min(wanted["num_beams"] or 1, MOST_BEAMS)
    wanted["min_new_tokens"] = min(task.get("min_length") or own.min_length or 0, longest)
    kept = {name: value for name, value in wanted.items() if value is not None}
    kept |= {"max_new_tokens": longest, "do_sample": False}
    return transformers.GenerationConfig(**kept)  # type: ignore[no-untyped-call]
