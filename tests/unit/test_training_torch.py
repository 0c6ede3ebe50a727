from __future__ import annotations

import json
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from newswire.config import ROOT
from newswire.enrichment.question import KINDS, Question

MODELS = ROOT / "models"

torch: Any = pytest.importorskip("torch", reason="torch is missing: install the extra 'train'")


def test_a_packed_window_gives_each_piece_the_vectors_of_transformers_own_model() -> None:
    from transformers import BertConfig, BertModel

    from training.bert import Encoder, Shape

    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=50,
        hidden_size=16,
        intermediate_size=32,
        num_attention_heads=2,
        num_hidden_layers=3,
        max_position_embeddings=20,
    )
    theirs = BertModel(config, add_pooling_layer=False).eval()
    ours = Encoder(Shape.read(config.to_dict()), middle=2).load(theirs.state_dict()).eval()
    pieces = [torch.tensor([1, 7, 9, 2]), torch.tensor([1, 30, 2])]
    with torch.no_grad():
        middle, last = ours(
            torch.cat(pieces),
            torch.cat([torch.arange(4), torch.arange(3)]),
            torch.tensor([0] * 4 + [1] * 3),
        )
        for piece, rows in zip(pieces, (slice(0, 4), slice(4, 7)), strict=True):
            wanted = theirs(piece[None], output_hidden_states=True)
            assert torch.allclose(last[rows], wanted.last_hidden_state[0], atol=1e-5)
            assert torch.allclose(middle[rows], wanted.hidden_states[2][0], atol=1e-5)


def test_int8_weights_keep_what_a_model_says(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    onnx = pytest.importorskip("onnx", reason="onnx is missing: install the extra 'train'")

    from training import onnx_files

    monkeypatch.setattr(onnx_files, "CACHE", tmp_path)
    torch.manual_seed(0)
    module = torch.nn.Sequential(torch.nn.Linear(96, 64), torch.nn.Tanh(), torch.nn.Linear(64, 96))
    file = tmp_path / "head" / "model.onnx"
    onnx_files.save(module, (torch.randn(2, 96),), file, input_names=["x"], output_names=["y"])
    kinds = [
        tensor.data_type for tensor in onnx.load(file).graph.initializer if len(tensor.dims) > 1
    ]
    assert set(kinds) == {onnx.TensorProto.INT8}
    example = torch.randn(2, 96)
    session = session_of(file)
    (made,) = session.run(None, {"x": example.numpy()})
    assert np.abs(made - module(example).detach().numpy()).max() < 0.02


def down() -> Any:
    """A module with one product, of that name."""
    return torch.nn.Sequential(OrderedDict(down=torch.nn.Linear(256, 64)))


def test_a_product_by_row_is_as_exact_for_a_row_whatever_the_others_hold(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("onnx", reason="onnx is missing: install the extra 'train'")

    from training import onnx_files

    monkeypatch.setattr(onnx_files, "CACHE", tmp_path / "cache")
    torch.manual_seed(0)
    module = down()
    rows = torch.randn(2, 256)
    rows[1] *= 1000
    wanted = module(rows).detach().numpy()[0]
    errors = {}
    for by_row in ((), ("down",), ("up",)):
        file = tmp_path / "layer" / f"{'-'.join(by_row)}.onnx"
        onnx_files.save_int8(module, (rows,), file, by_row, input_names=["x"], output_names=["y"])
        session = session_of(file)
        (made,) = session.run(None, {"x": rows.numpy()})
        errors[by_row] = np.abs(made[0] - wanted).max()
    assert errors["down",] < 0.02
    assert min(errors[()], errors["up",]) > 0.2


@pytest.mark.parametrize("by_row", [(), ("down",)])
def test_a_training_gets_the_shipped_weights_back_from_int8(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch, by_row: tuple[str, ...]
) -> None:
    pytest.importorskip("onnx", reason="onnx is missing: install the extra 'train'")
    from training import onnx_files
    from training.shipped import weights_of

    monkeypatch.setattr(onnx_files, "CACHE", tmp_path / "cache")
    torch.manual_seed(0)
    module, file = down(), tmp_path / "layer" / "model.onnx"
    rows = torch.randn(2, 256)
    onnx_files.save_int8(module, (rows,), file, by_row, input_names=["x"], output_names=["y"])
    found = weights_of(file)
    assert torch.equal(found["down.bias"], module.down.bias)
    assert (found["down.weight"] - module.down.weight).abs().max() < 1 / 16 / 127


def session_of(file: Path) -> Any:
    import onnxruntime

    return onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])


@pytest.fixture(scope="module")
def untrained() -> Any:
    """An encoder of bge-small's shape, whose weights say nothing."""
    import transformers

    shape = {"hidden_size": 384, "num_attention_heads": 12, "intermediate_size": 1536}
    return transformers.BertModel(transformers.BertConfig(**shape)).eval()


def test_a_training_goes_on_from_the_stance_model_that_ships(untrained: Any) -> None:
    pytest.importorskip("onnx", reason="onnx is missing: install the extra 'train'")
    from training.calibration import Calibration
    from training.cross_encoder import CrossEncoder
    from training.export_stance import OnePair
    from training.shipped import begin_stance

    model = CrossEncoder(untrained)
    begin_stance(MODELS / "stance", model)
    config = json.loads((MODELS / "stance" / "config.json").read_text("utf-8"))
    sure = Calibration(**{name: config[name] for name in Calibration.__dataclass_fields__})
    states, kind = torch.randn(41, 384), torch.tensor([2])
    ours = OnePair(model, sure).eval()(states, kind).detach().numpy()
    inputs = {"states": states.numpy(), "kind": kind.numpy()}
    (theirs,) = session_of(MODELS / "stance" / "model.int8.onnx").run(None, inputs)
    assert np.abs(ours - theirs).max() < 0.05


def test_a_training_goes_on_from_the_reader_that_ships(untrained: Any) -> None:
    pytest.importorskip("onnx", reason="onnx is missing: install the extra 'train'")
    from training.export_reader import Roles, Window
    from training.reader import Reader
    from training.shipped import begin_reader

    model = Reader(untrained).eval()
    begin_reader(MODELS / "reader", model)
    states, cases = torch.randn(41, 384), torch.randint(0, 5, (41,))
    tags, names, as_cue, as_part = Window(model)(states, cases)
    inputs = {"states": states.numpy(), "cases": cases.numpy()}
    theirs = session_of(MODELS / "reader" / "model.int8.onnx").run(None, inputs)
    for own, other in zip((tags, names), theirs[:2], strict=True):
        assert np.abs(own.detach().numpy() - other).max() < 0.25
        assert np.abs(own.detach().numpy() - other).mean() < 0.02
    cues = torch.tensor([3, 17])
    roles = Roles(model)(as_cue, as_part, cues).detach().numpy()
    inputs = {"as_cue": as_cue, "as_part": as_part, "cues": cues}
    (other,) = session_of(MODELS / "reader" / "roles.onnx").run(
        None, {name: own.detach().numpy() for name, own in inputs.items()}
    )
    assert np.abs(roles - other).max() < 1e-4


@pytest.mark.parametrize("power", [1.0, 1.4, 2.0])
def test_how_sure_it_is_never_changes_what_is_likeliest(power: float) -> None:
    from training.calibration import lead

    torch.manual_seed(0)
    logits = torch.randn(200, 4)
    logits[0] = 1.0
    led = lead(logits, 0.7, 0.5, power)
    assert torch.equal(led.argmax(-1), logits.argmax(-1))
    assert torch.allclose(led.sort(-1).values[:, :3], logits.sort(-1).values[:, :3])


def test_a_model_whose_doubts_are_too_small_learns_to_doubt() -> None:
    from training.calibration import fit, lead
    from training.questions import KIND_OF, Row, allowed

    chance = np.random.default_rng(0)
    rows, logits = [], []
    for source, kind in KIND_OF.items():
        question = Question(kind, "text", "target")
        for _ in range(400):
            own = np.full(4, -5.0)
            own[list(allowed(source))] = 0.0
            own[chance.choice(allowed(source))] = chance.uniform(0, 3)
            # Right as often as a lead of a third of its square says.
            truth = lead(torch.from_numpy(own), 1 / 3, 1 / 3, 2.0).softmax(-1).numpy()
            label = int(chance.choice(4, p=truth / truth.sum()))
            rows.append(Row("", source, question, label, "dev"))
            logits.append(own)
    found = fit(rows, np.array(logits, np.float32))
    assert found.power > 1.5
    # At a lead of 2.
    name, claim = KINDS.index("name"), KINDS.index("claim")
    for scales, kind in ((found.over_none, name), (found.between_sides, claim)):
        told = scales[kind] * (2 / found.temperatures[kind]) ** found.power
        assert told == pytest.approx(4 / 3, rel=0.3)
