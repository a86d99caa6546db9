"""The channels that reach far are set apart, and what is computed stays the same; the files of the shipped reader say
what its network says in floats."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

if TYPE_CHECKING:
    from vectorstore.embedding.network.mpnet import ReaderNetwork

QUESTION = torch.tensor([[0, 2043, 2001, 1996, 2]])
PASSAGE = torch.tensor([[0, 1996, 3981, 2001, 2441, 1999, 6193, 2]])


def test_what_reaches_far_is_set_apart_and_nothing_else_changes(tiny: Callable[[int], ReaderNetwork]) -> None:
    from vectorstore.embedding.network.mpnet import Layer, Lower, Upper
    from vectorstore.embedding.network.outliers import FEW, PARTS, SplitLayer, split

    network = tiny(2)
    with torch.no_grad():
        for number, layer in enumerate(network.layers):
            assert isinstance(layer, Layer)
            layer.inner.bias[5 + number] = 40.0
            layer.norm.bias[3 + number] = 30.0
    lower, upper = Lower(network), Upper(network)

    def said() -> list[torch.Tensor]:
        with torch.no_grad():
            question, told = lower(QUESTION, torch.tensor([0])), lower(PASSAGE, torch.tensor([1]))
            return [*question, *told, *upper(question[0], told[1])]

    before = said()
    split(network, [(QUESTION, PASSAGE)])
    for one, other in zip(before, said(), strict=True):
        assert torch.allclose(one, other, atol=1e-4)
    for number, layer in enumerate(network.layers):
        assert isinstance(layer, SplitLayer)
        assert layer.few.out_features == layer.few_outer.in_features == FEW
        assert layer.inner.out_features == layer.outer.in_features == 64 - FEW
        assert float(layer.few.bias.detach().max()) == 40.0 and float(layer.inner.bias.detach().max()) < 1.0
        assert float(layer.share[3 + number]) == pytest.approx(1 / PARTS)
        assert layer.parted.tolist().count(3 + number) == PARTS - 1


def test_the_files_say_what_the_network_says_in_floats() -> None:
    from assistant.reader.runtime import load_reader
    from vectorstore.embedded_text import Told
    from vectorstore.embedding.encoder import PASSAGE_SIDE, QUESTION_SIDE, WEIGHTS
    from vectorstore.embedding.network.export_onnx import shipped_network
    from vectorstore.embedding.network.mpnet import Lower, Upper

    reader = load_reader()
    network = shipped_network(WEIGHTS)
    lower, upper = Lower(network), Upper(network)
    differences = []
    with torch.no_grad():
        asked = [
            lower(torch.tensor([reader.encoder.tokens(Told(question)).ids]), torch.tensor([QUESTION_SIDE]))[0]
            for question in QUESTIONS
        ]
        for heading, text in TEXTS:
            told = Told(text, heading)
            codes = lower(torch.tensor([reader.encoder.tokens(told).ids]), torch.tensor([PASSAGE_SIDE]))[1]
            for question, states in zip(QUESTIONS, asked, strict=True):
                judged = upper(states, codes)[2][0].numpy()
                (found,) = reader.read_as([question], [told])
                differences.append([found.relevance - judged[0], found.answers - judged[1]])
    assert float(np.abs(differences).mean()) < CLOSE


CLOSE = 0.25
"""How far the logits are from those in floats, at most, in the mean; with no channel apart it is .8."""
QUESTIONS = (
    "When was the mill at Corve rebuilt?",
    "Who pays for the upkeep of the bridge?",
    "how many boats may lie in the harbour at night",
    "What did the council refuse in 1931?",
)
TEXTS = (
    (
        "Mill",
        "The mill at Corve burned down in the dry summer of 1868. It was rebuilt two years later by the Arden family, "
        "who ground barley there until the railway brought cheaper flour from the coast.",
    ),
    (
        "The bridge",
        "Farmers on both banks keep the bridge in repair. Each gives a day's work a year, or 4 shillings. In 1931 they "
        "asked the council to take it over; the council refused, as it had no road there.",
    ),
    (
        "",
        "- Harbour: open from 5 a.m. to 9 p.m.\n- At night no more than 12 boats; others anchor off the point\n- "
        "Master: J. Holm, tel. 0555 / 12 34",
    ),
)
