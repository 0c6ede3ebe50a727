"""The WordPiece tokeniser of all models that ship: they have one vocabulary."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from newswire.enrichment.runtime import Integers
from newswire.errors import ConfigError

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast


class Tokenizer:
    """Through ``transformers``, loaded at first use."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "tokenizer.json"
        if not self._file.is_file():
            raise ConfigError(f"{self._file} is missing", "restore models/ from the repository")

    @cached_property
    def _tokenizer(self) -> PreTrainedTokenizerFast:
        # Imported here: it takes half a second. Without torch it advises to install it, on stderr.
        os.environ.setdefault("TRANSFORMERS_NO_ADVISORY_WARNINGS", "1")
        from transformers import PreTrainedTokenizerFast

        return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
            tokenizer_file=str(self._file), cls_token="[CLS]", sep_token="[SEP]", pad_token="[PAD]"
        )

    @property
    def vocabulary(self) -> dict[str, int]:
        """The id of each token."""
        return dict(self._tokenizer.get_vocab())

    def __call__(self, texts: Sequence[str], longest: int) -> list[Integers]:
        """Token ids of each text, ``[CLS]`` and ``[SEP]`` included, cut at ``longest``."""
        if not texts:
            return []
        # 40 characters a token are more than any prose has: what is over need not be tokenised.
        batch = self._tokenizer(
            [text[: longest * 40] for text in texts],
            truncation=True,
            max_length=longest,
            return_attention_mask=False,
            return_token_type_ids=False,
        )
        return [np.asarray(ids, np.int64) for ids in batch["input_ids"]]

    def with_offsets(self, texts: Sequence[str]) -> list[tuple[Integers, list[tuple[int, int]]]]:
        """Token ids of each text and where each token stands in it; nothing is added or cut."""
        if not texts:
            return []
        batch = self._tokenizer(
            list(texts),
            add_special_tokens=False,
            return_attention_mask=False,
            return_token_type_ids=False,
            return_offsets_mapping=True,
        )
        return [
            (np.asarray(ids, np.int64), offsets)
            for ids, offsets in zip(batch["input_ids"], batch["offset_mapping"], strict=True)
        ]

    def enclose(self, pieces: Sequence[Integers]) -> Integers:
        """One row of the pieces, ``[CLS]`` before and ``[SEP]`` behind."""
        tokenizer = self._tokenizer
        return np.concatenate([[tokenizer.cls_token_id], *pieces, [tokenizer.sep_token_id]])
