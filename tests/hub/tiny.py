"""Tiny models with weights drawn by chance, built and saved here: no network, no download.

A classifier answers as it is told to: its head's weights are zero and its biases say the label.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from tokenizers import (
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    processors,
)
from transformers import (
    BartConfig,
    BartForConditionalGeneration,
    BertConfig,
    BertForSequenceClassification,
    PreTrainedTokenizerFast,
    T5Config,
    T5ForConditionalGeneration,
)

# On several threads such products wait for each other for longer than they take.
torch.set_num_threads(1)

TEXT = (
    "Harbour pilots in Brindle Bay voted on Friday to end a strike of nine days.",
    "Their union won a rise of 1,250 crowns a month, and the ships were moving again by noon.",
    "The author is in favor of nuclear power. The council is against it, and says so.",
    "Summarize: it rains. A. I said he had been told who would pay for it all.",
    "Nine ferries sank in 1912.",
)
"""Where the tokenisers have their words from."""

NLI = {0: "contradiction", 1: "neutral", 2: "entailment"}


def tokenizer(**differs: Any) -> PreTrainedTokenizerFast:
    """A WordPiece tokeniser of the words of :data:`TEXT` and of its letters.

    The trainer of ``tokenizers`` isn't used: it breaks ties by chance, and so would what is trained
    on its words.
    """
    words = re.findall(r"\w+|[^\w\s]", " ".join(TEXT))
    letters = sorted(set("".join(words)))
    parts = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *letters, *(f"##{own}" for own in letters), *words]
    numbers = {part: number for number, part in enumerate(dict.fromkeys(parts))}
    own = Tokenizer(models.WordPiece(vocab=numbers, unk_token="[UNK]"))
    own.normalizer = normalizers.BertNormalizer(lowercase=False)
    own.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    own.decoder = decoders.WordPiece()
    own.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=own,
        unk_token="[UNK]",
        pad_token="[PAD]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        bos_token="[CLS]",
        eos_token="[SEP]",
        **differs,
    )


def classifier(
    folder: Path, labels: Mapping[int, str] = NLI, bias: Sequence[float] | None = None
) -> Path:
    """A BERT with a head for ``labels``; with ``bias`` its logits are these, whatever it reads."""
    torch.manual_seed(7)
    words = tokenizer()
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        max_position_embeddings=64,
        id2label=dict(labels),
        label2id={name: number for number, name in labels.items()},
        initializer_range=1.0,
    )
    model = BertForSequenceClassification(config)
    if bias is not None:
        with torch.no_grad():
            model.classifier.weight.zero_()
            model.classifier.bias.copy_(torch.tensor(bias))
    return saved(model, words, folder)


def babbler(folder: Path, kind: str = "t5", **generation: Any) -> Path:
    """A sequence-to-sequence model (``t5`` or ``bart``) that writes words by chance."""
    torch.manual_seed(7)
    words = tokenizer()
    model = _t5(words) if kind == "t5" else _bart(words)
    model.generation_config.update(**generation)
    return saved(model, words, folder)


def writer(folder: Path, text: str) -> Path:
    """A T5 that was trained, here and now, to write ``text`` whatever it reads.

    Its decoder sees nothing of what the encoder read: on a text it was not trained on, the rounding
    of one kind of CPU would else decide what it writes.
    """
    torch.manual_seed(7)
    words = tokenizer()
    model = _t5(words)
    (block,) = model.decoder.block
    torch.nn.init.zeros_(block.layer[1].EncDecAttention.o.weight).requires_grad_(False)
    wanted = words([text], return_tensors="pt")["input_ids"]
    read = words(list(TEXT[:1]), return_tensors="pt", return_token_type_ids=False)
    steps = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(300):
        loss = model(**read, labels=wanted).loss
        steps.zero_grad()
        loss.backward()
        steps.step()
        if loss < 0.01:
            return saved(model, words, folder)
    raise AssertionError(f"{text!r} was not learnt: loss {float(loss):.3f}")


def _special(words: PreTrainedTokenizerFast) -> dict[str, Any]:
    return {
        "vocab_size": len(words),
        "pad_token_id": 0,
        "bos_token_id": 2,
        "eos_token_id": 3,
        "decoder_start_token_id": 0,
    }


def _t5(words: PreTrainedTokenizerFast) -> Any:
    config = T5Config(
        d_model=32, d_kv=8, d_ff=32, num_layers=1, num_heads=2, dropout_rate=0, **_special(words)
    )
    return T5ForConditionalGeneration(config)


def _bart(words: PreTrainedTokenizerFast) -> Any:
    config = BartConfig(
        d_model=16,
        encoder_layers=1,
        decoder_layers=1,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=32,
        decoder_ffn_dim=32,
        max_position_embeddings=64,
        **_special(words),
    )
    return BartForConditionalGeneration(config)


def saved(model: Any, words: PreTrainedTokenizerFast, folder: Path) -> Path:
    """Both, as ``save_pretrained`` writes them."""
    model.save_pretrained(folder)
    words.save_pretrained(folder)
    return folder
