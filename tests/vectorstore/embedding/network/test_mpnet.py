"""The network is MPNet with heads; read in two halves, or under padding, it says what it says of the whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from torch import Tensor

from vectorstore.embedding.network.rounding import rounded

if TYPE_CHECKING:
    from vectorstore.embedding.network.mpnet import Read, ReaderNetwork

Make = Callable[[int], "ReaderNetwork"]
QUESTION = torch.tensor([[0, 2043, 2001, 1996, 2]])
PASSAGE = torch.tensor([[0, 1996, 3981, 2001, 2441, 1999, 6193, 2]])


def read(network: ReaderNetwork, question: Tensor, passage: Tensor) -> Read:
    """What it says of texts padded with 1."""
    q_mask, p_mask = (question != 1).long(), (passage != 1).long()
    told = network.lower(passage, p_mask, 1)
    if network.apart:
        told = network.codes(told)
    with torch.no_grad():
        return network.read(network.lower(question, q_mask, 0), told, q_mask, p_mask)


def unsettle(network: ReaderNetwork) -> ReaderNetwork:
    """Other numbers for what begins as zeros, so that it counts."""
    with torch.no_grad():
        network.sides.normal_()
        if network.apart:
            network.middle.normal_()
    return network


@pytest.fixture(scope="module")
def published() -> Any:
    """MPNet as Hugging Face has it, small."""
    from transformers import MPNetConfig, MPNetModel

    torch.manual_seed(3)
    config = MPNetConfig(
        vocab_size=30527, hidden_size=32, num_hidden_layers=4, num_attention_heads=4, intermediate_size=64
    )
    config.max_position_embeddings = 514
    model = MPNetModel(config, add_pooling_layer=False)
    model.train(False)
    with torch.no_grad():
        model.encoder.relative_attention_bias.weight.normal_()
    return model


def test_its_trunk_is_the_published_one(tiny: Make, published: Any) -> None:
    network = tiny(4)
    network.load_published(published.state_dict())
    ids = torch.randint(5, 30000, (2, 210), generator=torch.Generator().manual_seed(1))
    ids[1, 150:] = 1
    mask = (ids != 1).long()
    with torch.no_grad():
        states = network.lower(ids, mask, 1)
        wanted = published(input_ids=ids, attention_mask=mask).last_hidden_state
    assert torch.allclose(states[mask.bool()], wanted[mask.bool()], atol=1e-4)


def test_a_question_alone_is_read_together_as_it_is_read_apart(tiny: Make, published: Any) -> None:
    """With nothing of the passage to be seen, the upper layers are the published ones, too."""
    network = tiny(0)
    network.load_published(published.state_dict())
    mask = torch.ones_like(QUESTION)
    hidden = torch.zeros_like(PASSAGE)
    hidden[:, 0] = 1
    with torch.no_grad():
        network.distances.weight[[15, 31]] = -1e4
        published.encoder.relative_attention_bias.weight[[15, 31]] = -1e4
        doubt = network.read(network.lower(QUESTION, mask, 0), network.lower(PASSAGE, hidden, 1), mask, hidden).doubt
        wanted = network.doubt(published(input_ids=QUESTION, attention_mask=mask).last_hidden_state)[..., 0]
    assert torch.allclose(doubt, wanted, atol=1e-4)


@pytest.mark.parametrize("apart", [0, 2])
def test_what_is_said_does_not_depend_on_padding_or_company(tiny: Make, apart: int) -> None:
    network = unsettle(tiny(apart))
    alone = read(network, QUESTION, PASSAGE)
    questions = torch.cat([torch.cat([QUESTION, torch.ones(1, 4).long()], 1), torch.randint(5, 900, (1, 9))])
    passages = torch.cat([torch.cat([PASSAGE, torch.ones(1, 7).long()], 1), torch.randint(5, 900, (1, 15))])
    beside = read(network, questions, passages)
    for field in fields(alone):
        one, both = getattr(alone, field.name), getattr(beside, field.name)[:1]
        assert torch.allclose(one, both[:, : one.shape[1]] if one.dim() > 1 else both, atol=1e-4), field.name


@pytest.mark.parametrize("apart", [0, 2])
def test_its_outputs_have_a_number_for_each_token(tiny: Make, apart: int) -> None:
    said = read(tiny(apart), QUESTION, PASSAGE)
    assert said.starts.shape == said.ends.shape == (1, 9)
    assert said.relevance.shape == said.answers.shape == (1,) and said.support.shape == (1, 3)
    assert said.doubt.shape == (1, 5) and said.sentence.shape == said.needed.shape == (1, 8)


@pytest.mark.parametrize("apart", [0, 2])
def test_each_side_is_read_in_the_light_of_the_other(tiny: Make, apart: int) -> None:
    network = unsettle(tiny(apart))
    before = read(network, QUESTION, PASSAGE)
    other = PASSAGE.clone()
    other[0, 3] = 77
    assert not torch.allclose(read(network, QUESTION, other).doubt, before.doubt, atol=1e-4)
    other = QUESTION.clone()
    other[0, 3] = 77
    after = read(network, other, PASSAGE)
    assert not torch.allclose(after.sentence, before.sentence, atol=1e-4)
    assert not torch.allclose(after.starts, before.starts, atol=1e-4)


def test_only_a_network_with_layers_apart_has_codes(tiny: Make) -> None:
    kept = {"middle", "down.weight", "up.weight", "weigh.weight", "weigh.bias", "scales"}
    assert tiny(2).state_dict().keys() - tiny(0).state_dict().keys() == kept
    missing, unexpected = tiny(2).load_state_dict(tiny(0).state_dict(), strict=False)
    assert set(missing) == kept and not unexpected


def test_the_lower_layers_tell_the_sides_and_weigh_words(tiny: Make) -> None:
    network = unsettle(tiny(2))
    mask = torch.ones_like(PASSAGE)
    asked, told = network.lower(PASSAGE, mask, 0), network.lower(PASSAGE, mask, 1)
    assert not torch.allclose(asked, told, atol=1e-2)
    weights = network.importance(asked).detach()
    assert weights.shape == PASSAGE.shape and bool((weights > 0).all()) and float(weights.max() - weights.min()) > 1e-4


def test_the_order_of_words_counts(tiny: Make) -> None:
    network, mask = tiny(2), torch.ones_like(PASSAGE)
    with torch.no_grad():
        network.places.weight.zero_()
        turned = network.lower(PASSAGE.flip(1), mask, 1).flip(1)
        assert not torch.allclose(turned, network.lower(PASSAGE, mask, 1), atol=1e-4), "by their distances alone"
        network.distances.weight.zero_()
        turned = network.lower(PASSAGE.flip(1), mask, 1).flip(1)
        assert torch.allclose(turned, network.lower(PASSAGE, mask, 1), atol=1e-5)


def test_rows_are_the_rounded_table_in_8_bits(tiny: Make) -> None:
    from vectorstore.embedding.network.mpnet import Rows

    table = np.random.default_rng(1).normal(size=(60, 8)).astype(np.float32)
    table[3] = 0
    small = torch.from_numpy(rounded({"words": table})["words"])
    rows = Rows(small)
    ids = torch.tensor([[5, 3, 59, 5]])
    assert torch.allclose(rows(ids), small[ids], rtol=1e-6, atol=1e-7)
    assert rows.levels.dtype == torch.int8
    assert {tuple(each.shape) for each in rows.parameters()} == {(60, 1), (60, 8)}


@pytest.mark.parametrize("exporting", [False, True])
def test_both_halves_say_what_the_whole_says(tiny: Make, exporting: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    from vectorstore.embedding.network.export_onnx import LOWER, UPPER
    from vectorstore.embedding.network.mpnet import Lower, Upper

    network = unsettle(tiny(2))
    words = rounded({"words": network.words.weight.detach().numpy()})["words"]
    with torch.no_grad():
        network.words.weight.copy_(torch.from_numpy(words))
    whole = read(network, QUESTION, PASSAGE)
    mask = torch.ones_like(PASSAGE)
    expected = network.lower(PASSAGE, mask, 1)
    monkeypatch.setattr(torch.onnx, "is_in_onnx_export", lambda: exporting)
    lower, upper = Lower(network), Upper(network)
    with torch.no_grad():
        asked = dict(zip(LOWER, lower(QUESTION, torch.tensor([0])), strict=True))
        told = dict(zip(LOWER, lower(PASSAGE, torch.tensor([1])), strict=True))
        said = dict(zip(UPPER, upper(asked["states"], told["codes"]), strict=True))
    assert torch.allclose(told["states"], expected, atol=1e-5)
    assert torch.allclose(told["codes"], network.codes(expected), atol=1e-5)
    importance = network.importance(network.lower(QUESTION, torch.ones_like(QUESTION), 0))
    assert torch.allclose(asked["importance"], importance, atol=1e-5)
    wanted = {"judged": torch.stack([whole.relevance, whole.answers], 1)}
    for name, found in said.items():
        assert torch.allclose(found, wanted[name] if name in wanted else getattr(whole, name), atol=1e-5), name


def test_a_passage_and_a_question_are_far_from_each_other_however_long_they_are(tiny: Make) -> None:
    network = tiny(2)
    bias = network._both(3, 5)
    assert torch.equal(bias[:, :, :3, :3], network._near(3)) and torch.equal(bias[:, :, 3:, 3:], network._near(5))
    far = network._near(400)
    assert torch.equal(bias[0, :, 0, 3], far[0, :, 0, 399]) and torch.equal(bias[0, :, 4, 1], far[0, :, 399, 0])
    assert len(set(bias[0, 0, :3, 3:].flatten().tolist())) == len(set(bias[0, 0, 3:, :3].flatten().tolist())) == 1
    assert not torch.equal(bias[0, :, 0, 3], bias[0, :, 3, 0])
