"""The reader as a torch module: an MPNet trunk, of which the lower layers read question and passage apart and the
upper layers both together, and the heads.

What the lower layers make of a passage is computed once and kept as one code a token (DeFormer, Cao et al. 2020;
PreTTR, MacAvaney et al. 2020). The codes find passages too, each word of the question by its nearest word (ColBERT,
Khattab and Zaharia 2020). A network with none apart is taught first, and teaches the other: docs/decisions/apart.md.
Used to teach it and to write its ONNX files; answering a question needs neither.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from vectorstore.embedding.network.names import NOT_TRAINED, published_name

WIDTH, HEADS, LAYERS, INNER = 768, 12, 12, 3072
WORDS, PLACES = 30527, 514
BUCKETS, FARTHEST = 32, 128
FIRST_PLACE = 2
"""Where MPNet counts positions from."""
APART = 6
"""How many layers of the shipped reader see question and passage apart."""
CODE = 768
"""Numbers a token is kept in where layers are apart."""
SUPPORT = ("supported", "contradicted", "not found")


@dataclass(frozen=True)
class Read:
    """What is said of a batch of question and passage, in logits. `starts`, `ends` (b, 1 + p): the first is "no answer
    here"; `relevance`, `answers` (b); `support` (b, 3), by SUPPORT; `doubt` (b, q): a word of the question that the
    passage does not bear out; `sentence`, `needed` (b, p): a token of a sentence that belongs into the answer, and one
    of a conversation that the question leans on."""

    starts: Tensor
    ends: Tensor
    relevance: Tensor
    answers: Tensor
    support: Tensor
    doubt: Tensor
    sentence: Tensor
    needed: Tensor


class Layer(nn.Module):
    """One layer of MPNet; names as published."""

    def __init__(self) -> None:
        super().__init__()
        self.q, self.k, self.v, self.o = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.norm = nn.LayerNorm(WIDTH, eps=1e-5)
        self.inner, self.outer = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.last_norm = nn.LayerNorm(WIDTH, eps=1e-5)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        def split(y: Tensor) -> Tensor:
            return y.reshape(*y.shape[:2], HEADS, WIDTH // HEADS).transpose(1, 2)

        if torch.onnx.is_in_onnx_export():
            scores = split(self.q(x)) @ split(self.k(x)).transpose(2, 3) / math.sqrt(WIDTH // HEADS) + bias
            seen = torch.softmax(scores, -1) @ split(self.v(x))
        else:
            seen = functional.scaled_dot_product_attention(
                split(self.q(x)), split(self.k(x)), split(self.v(x)), attn_mask=bias.to(x.dtype)
            )
        x = self.norm(x + self.o(seen.transpose(1, 2).flatten(2)))
        read: Tensor = self.last_norm(x + self.fed(x))
        return read

    def fed(self, x: Tensor) -> Tensor:
        """(b, n, width): what the feed-forward pair makes of it."""
        made: Tensor = self.outer(functional.gelu(self.inner(x)))
        return made


class ReaderNetwork(nn.Module):
    """`apart`: how many of the layers see question and passage apart; one that reads them together from the first word
    on cannot find."""

    def __init__(self, apart: int = 0) -> None:
        super().__init__()
        self.apart = apart
        self.words, self.places = nn.Embedding(WORDS, WIDTH), nn.Embedding(PLACES, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-5)
        self.distances = nn.Embedding(BUCKETS, HEADS)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.sides = nn.Parameter(torch.zeros(2, WIDTH))
        if apart:
            self.middle = nn.Parameter(torch.zeros(WIDTH))
            self.down, self.up = nn.Linear(WIDTH, CODE, bias=False), nn.Linear(CODE, WIDTH, bias=False)
            self.weigh = nn.Linear(WIDTH, 1)
            self.scales = nn.Parameter(torch.full((3,), math.log(20.0)))
        self.span = nn.Linear(WIDTH, 2)
        self.judge, self.support = nn.Linear(3 * WIDTH, 2), nn.Linear(3 * WIDTH, len(SUPPORT))
        self.doubt, self.sentence, self.needed = (nn.Linear(WIDTH, 1) for _ in range(3))
        for name, parameter in self.named_parameters():
            parameter.requires_grad = not name.startswith(NOT_TRAINED)

    def load_published(self, weights: Mapping[str, Tensor]) -> None:
        """Takes the trunk's weights, by their published names."""
        names = {name: published_name(name) for name in self.state_dict()}
        self.load_state_dict({name: weights[p] for name, p in names.items() if p}, strict=False)

    # -- apart

    def lower(self, ids: Tensor, mask: Tensor, side: int) -> Tensor:
        """(b, n, width): the states of a question (side 0) or a passage (side 1) after the layers that are apart."""
        places = torch.arange(FIRST_PLACE, ids.shape[1] + FIRST_PLACE, device=ids.device)
        x: Tensor = self.norm(self.words(ids) + self.places(places) + self.sides[side])
        if self.apart:
            bias = self._near(ids.shape[1]) + _hidden(mask)
            for layer in self.layers[: self.apart]:
                x = layer(x, bias)
        return x

    def codes(self, states: Tensor) -> Tensor:
        """(b, n, CODE): what is kept of each token's state."""
        return self.down(states - self.middle)  # type: ignore[no-any-return]

    def importance(self, states: Tensor) -> Tensor:
        """(b, n): how much each word of a question counts in finding, above 0."""
        return functional.softplus(self.weigh(states)[..., 0].float()) + 1e-4

    # -- together

    def read(self, question: Tensor, codes: Tensor, question_mask: Tensor, mask: Tensor) -> Read:
        """`question` (b, q, width): its states; `codes` (b, p, CODE): those kept of a passage, or its states where
        nothing is apart."""
        passage = self.up(codes) + self.middle if self.apart else codes
        q, p = question.shape[1], passage.shape[1]
        x = torch.cat([question, passage.to(question.dtype)], 1)
        bias = self._both(q, p) + _hidden(torch.cat([question_mask, mask], 1))
        for layer in self.layers[self.apart :]:
            x = layer(x, bias)
        asked, told = x[:, :q], x[:, q:]
        pooled = torch.cat([x[:, 0], _mean(asked, question_mask), _mean(told, mask)], 1)
        judged = self.judge(pooled)
        span = self.span(torch.cat([x[:, :1], told], 1))
        return Read(
            span[..., 0],
            span[..., 1],
            judged[:, 0],
            judged[:, 1],
            self.support(pooled),
            self.doubt(asked)[..., 0],
            self.sentence(told)[..., 0],
            self.needed(told)[..., 0],
        )

    def _near(self, n: int) -> Tensor:
        """(1, heads, n, n): the published bias by distance."""
        at = torch.arange(n, device=self.distances.weight.device)
        return self.distances(_bucket(at[None, :] - at[:, None])).permute(2, 0, 1)[None]  # type: ignore[no-any-return]

    def _both(self, q: int, p: int) -> Tensor:
        """The same for a question with a passage after it, each far from the other however long they are."""
        far = self.distances(_bucket(torch.tensor([FARTHEST, -FARTHEST], device=self.distances.weight.device)))
        ones = torch.ones(1, 1, 1, 1, device=far.device, dtype=far.dtype)
        after, before = far[0][None, :, None, None] * ones, far[1][None, :, None, None] * ones
        top = torch.cat([self._near(q), after.expand(1, HEADS, q, p)], 3)
        return torch.cat([top, torch.cat([before.expand(1, HEADS, p, q), self._near(p)], 3)], 2)


def _hidden(mask: Tensor) -> Tensor:
    """(b, 1, 1, n): what is added to the attention scores, so that padding is not seen."""
    return (1.0 - mask[:, None, None, :].float()) * -1e4


def _mean(x: Tensor, mask: Tensor) -> Tensor:
    weight = mask.unsqueeze(-1).to(x.dtype)
    return (x * weight).sum(1) / weight.sum(1)


def _bucket(distance: Tensor) -> Tensor:
    """MPNet's bucket of a distance in tokens: sixteen to each side, the first eight one apiece, the others by
    logarithm."""
    half = BUCKETS // 2
    side, size = (distance > 0).long() * half, distance.abs()
    exact = half // 2
    steps = torch.log(size.clamp(min=1).float() / exact) / math.log(FARTHEST / exact) * (half - exact)
    return side + torch.where(size < exact, size, (exact + steps.long()).clamp(max=half - 1))


class Rows(nn.Module):
    """Rows of a table of vectors that came rounded to 8 bits (`rounding.rounded`), held as 8-bit integers: the same
    numbers in a quarter of the room."""

    def __init__(self, table: Tensor) -> None:
        super().__init__()
        scale = table.abs().amax(1, keepdim=True).clamp(min=1e-12) / 127
        self.scale = nn.Parameter(scale, requires_grad=False)
        self.levels = nn.Parameter((table / scale).round().to(torch.int8), requires_grad=False)

    def forward(self, ids: Tensor) -> Tensor:
        return functional.embedding(ids, self.levels).float() * functional.embedding(ids, self.scale)


class Lower(nn.Module):
    """The lower layers, as one ONNX file computes them: token ids (1, n) and side (1,) in, 0 for a question and 1 for a
    passage; states (1, n, width), codes (1, n, CODE) and importance (1, n) out."""

    def __init__(self, network: ReaderNetwork) -> None:
        super().__init__()
        self.network = network
        self.words = Rows(network.words.weight.detach())

    def forward(self, ids: Tensor, side: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        places = torch.arange(FIRST_PLACE, ids.shape[1] + FIRST_PLACE)
        chosen = self.network.sides.index_select(0, side)[:, None]
        x = self.network.norm(self.words(ids) + self.network.places(places) + chosen)
        for layer in self.network.layers[: self.network.apart]:
            x = layer(x, self.network._near(ids.shape[1]))
        return x, self.network.codes(x), self.network.importance(x)


class Upper(nn.Module):
    """The upper layers, as the other ONNX file computes them: a question's states (1, q, width) and a passage's codes
    (1, p, CODE) in; starts and ends (1, 1 + p), judged (1, 2), sentence and needed (1, p), support (1, 3) out."""

    def __init__(self, network: ReaderNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, question: Tensor, codes: Tensor) -> tuple[Tensor, ...]:
        read = self.network.read(question, codes, torch.ones_like(question[..., 0]), torch.ones_like(codes[..., 0]))
        return (
            read.starts,
            read.ends,
            torch.stack([read.relevance, read.answers], 1),
            read.sentence,
            read.needed,
            read.support,
        )
