"""The few channels of each feed-forward pair that reach far beyond all others, kept from spoiling the rest.

8-bit numbers share one scale over all that goes into a matrix. Of the 768 channels that go into a pair, up to four
reach 10 to 60 where the others stay below 6; of the 3,072 between its matrices, up to four reach 10 to 90, mostly on
the tokens that open and close a text. Under one scale with them the others are left a handful of steps. Such channels
are the same for every text (Dettmers et al. 2022), so a few texts show them.
But: nothing is made 8-bit here; `export_onnx` does that.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from vectorstore.embedding.network.mpnet import Layer, Lower, ReaderNetwork, Upper

FEW = 16
"""How many channels between the matrices of a pair stay in floats: four times what was seen, and a multiple of what a
processor takes at a time."""
PARTED, PARTS = 4, 9
"""How many channels of what goes into a pair are taken in parts, and in how many each."""


class SplitLayer(Layer):
    """A layer that computes the same as `layer`. `parted`: channels of what goes into its feed-forward pair, each given
    to the first matrix PARTS times as a PARTS-th (Zhao et al. 2019); `apart`: channels between the matrices of the
    pair, which go through matrices of their own, `few` and `few_outer`."""

    def __init__(self, layer: Layer, parted: Sequence[int], apart: Sequence[int]) -> None:
        nn.Module.__init__(self)
        self.q, self.k, self.v, self.o = layer.q, layer.k, layer.v, layer.o
        self.norm, self.last_norm = layer.norm, layer.last_norm
        few = torch.zeros(layer.inner.out_features, dtype=torch.bool)
        few[list(apart)] = True
        weight, bias = layer.inner.weight, layer.inner.bias
        again = list(parted) * (PARTS - 1)
        self.parted = nn.Parameter(torch.tensor(again), requires_grad=False)
        self.share = nn.Parameter(torch.ones(layer.inner.in_features), requires_grad=False)
        with torch.no_grad():
            self.share[list(parted)] = 1 / PARTS
        self.inner = _linear(torch.cat([weight, weight[:, again]], 1)[~few], bias[~few])
        self.few = _linear(weight[few], bias[few])
        self.outer = _linear(layer.outer.weight[:, ~few], layer.outer.bias)
        self.few_outer = _linear(layer.outer.weight[:, few], None)

    def fed(self, x: Tensor) -> Tensor:
        small = x * self.share
        small = torch.cat([small, small.index_select(-1, self.parted)], -1)
        most: Tensor = self.outer(functional.gelu(self.inner(small)))
        rest: Tensor = self.few_outer(functional.gelu(self.few(x)))
        return most + rest


def _linear(weight: Tensor, bias: Tensor | None) -> nn.Linear:
    made = nn.Linear(weight.shape[1], weight.shape[0], bias=bias is not None)
    with torch.no_grad():
        made.weight.copy_(weight)
        if bias is not None:
            made.bias.copy_(bias)
    return made


def split(network: ReaderNetwork, pairs: Sequence[tuple[Tensor, Tensor]]) -> None:
    """Splits the layers of a network with layers apart, in place. `pairs`: token ids (1, n) of any questions and
    passages; the channels that reach farthest on them are those set apart and parted."""
    reached: dict[nn.Module, Tensor] = {}

    def note(module: nn.Module, given: tuple[Tensor, ...]) -> None:
        most = given[0].abs().flatten(0, -2).amax(0)
        reached[module] = torch.maximum(reached[module], most) if module in reached else most

    layers = [layer for layer in network.layers if isinstance(layer, Layer)]
    matrices = [matrix for layer in layers for matrix in (layer.inner, layer.outer)]
    hooks = [matrix.register_forward_pre_hook(note) for matrix in matrices]
    with torch.no_grad():
        lower, upper = Lower(network), Upper(network)
        for question, passage in pairs:
            upper(lower(question, torch.tensor([0]))[0], lower(passage, torch.tensor([1]))[1])
    for hook in hooks:
        hook.remove()
    for number, layer in enumerate(layers):
        parted, apart = reached[layer.inner].topk(PARTED).indices, reached[layer.outer].topk(FEW).indices
        network.layers[number] = SplitLayer(layer, parted.tolist(), apart.tolist())
