"""Teaches the reader: the loss, and the loop.

Losses: the likelihood of any occurrence of the answer (Clark and Gardner 2018); cross-entropy of the judging heads,
of sentences, of doubted and of needed words, each where the label is known; a softmax over the texts of one question;
and, where layers are apart, a softmax over the texts of the batch by nearest words (ColBERT), by vectors of passages
and by vectors of sentences. A network that has learned to read together can teach one whose lower layers are apart
(Hinton et al. 2015, as in DeFormer).
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from assistant.reader.batches import Batch, ahead, batches, collate, endless
from assistant.reader.lessons.arrays import Encoded
from vectorstore.embedding.network.mpnet import Read, ReaderNetwork
from vectorstore.embedding.states import MATCHED

NEVER = -1e4
CHECKPOINT_STEPS = 200
NEW = ("span", "judge", "support", "doubt", "sentence", "needed", "weigh", "sides", "scales")
"""Beginnings of the names of what the published network does not have."""


@dataclass(frozen=True)
class Weights:
    """What each loss counts. `null`: the span of a text that does not answer, beside one that does."""

    null: float = 0.8
    answers: float = 1.0
    relevance: float = 0.5
    ranking: float = 0.5
    support: float = 0.5
    doubt: float = 0.3
    sentence: float = 0.5
    needed: float = 0.3
    matched: float = 0.5
    vectors: float = 0.25
    taught: float = 1.0


@dataclass(frozen=True)
class Course:
    """`heads`: how many times faster the heads learn than the trunk; `batch`: lessons a step, about; `warm`: part of
    the steps over which the rate rises, before it falls to 2 % of its highest."""

    steps: int
    learning_rate: float = 1e-4
    heads: float = 4.0
    batch: int = 320
    warm: float = 0.06
    weights: Weights = Weights()

    def factor(self, step: int) -> float:
        """Part of the learning rate at a step, counted from 1."""
        warm = max(1, int(self.steps * self.warm))
        return min(step / warm, max(0.02, (self.steps - step + 1) / max(1, self.steps - warm)))


def quick(device: torch.device) -> Any:
    """Half precision where the processor computes in it."""
    fit = device.type == "cuda" or torch.cpu._is_avx512_bf16_supported()
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=fit)


@dataclass(frozen=True)
class Seen:
    """What a network makes of a batch; the codes are None where it reads together from the first word on."""

    read: Read
    q_codes: Tensor | None
    p_codes: Tensor | None
    importance: Tensor | None


def look(network: ReaderNetwork, batch: Batch) -> Seen:
    asked = network.lower(batch.q, batch.q_mask, 0)
    told = network.lower(batch.p, batch.p_mask, 1)
    if not network.apart:
        return Seen(network.read(asked, told, batch.q_mask, batch.p_mask), None, None, None)
    codes = network.codes(told)
    read = network.read(asked, codes, batch.q_mask, batch.p_mask)
    return Seen(read, network.codes(asked), codes, network.importance(asked))


def loss_of(
    network: ReaderNetwork, batch: Batch, weights: Weights, taught: Read | None = None
) -> tuple[Tensor, dict[str, Tensor]]:
    """The loss of a batch, and its parts by name."""
    seen = look(network, batch)
    read = seen.read
    parts: dict[str, Tensor] = {}
    allowed = torch.cat([torch.ones_like(batch.text[:, :1]), batch.text], 1)
    starts, ends = (torch.log_softmax(x.float().masked_fill(~allowed, NEVER), 1) for x in (read.starts, read.ends))
    found = batch.ranges[:, :, 0] >= 0
    index = (batch.ranges + 1).clamp(min=0)
    both = (starts.gather(1, index[:, :, 0]) + ends.gather(1, index[:, :, 1])).masked_fill(~found, NEVER)
    there = found.any(1)
    absent = ~there & (batch.labels[:, 1] == 0)
    spans = torch.where(there, -torch.logsumexp(both, 1) / 2, -(starts[:, 0] + ends[:, 0]) / 2 * weights.null)
    parts["span"] = _over(spans, there | absent)
    parts["relevance"] = weights.relevance * _binary(read.relevance, batch.labels[:, 0])
    parts["answers"] = weights.answers * _binary(read.answers, batch.labels[:, 1])
    parts["support"] = weights.support * _classes(read.support, batch.labels[:, 2])
    parts["doubt"] = weights.doubt * _binary(read.doubt, batch.doubted)
    parts["needed"] = weights.needed * _binary(read.needed, batch.needed)
    logits = _means(read.sentence.float().unsqueeze(-1), batch.sentences)[:, 0]
    parts["sentence"] = weights.sentence * _binary(logits, batch.sentences[:, 3])
    parts["ranking"] = weights.ranking * _ranked(read.relevance.float(), batch)
    if seen.p_codes is not None:
        parts |= _finding(network, seen, batch, weights)
    if taught is not None:
        parts["taught"] = weights.taught * _as_taught(read, taught, logits, starts, ends, allowed, batch)
    total = torch.stack(list(parts.values())).sum()
    return total, parts


def _over(losses: Tensor, counted: Tensor) -> Tensor:
    return (losses * counted).sum() / counted.sum().clamp(min=1)


def _binary(logits: Tensor, labels: Tensor) -> Tensor:
    known = labels >= 0
    wanted = labels.clamp(min=0).float()
    return _over(functional.binary_cross_entropy_with_logits(logits.float(), wanted, reduction="none"), known)


def _classes(logits: Tensor, labels: Tensor) -> Tensor:
    known = labels >= 0
    return _over(functional.cross_entropy(logits.float(), labels.clamp(min=0), reduction="none"), known)


def _means(x: Tensor, sentences: Tensor) -> Tensor:
    """(s, d): the mean of x (b, p, d) over each sentence's tokens."""
    sums = functional.pad(x.cumsum(1), (0, 0, 1, 0))
    row, start, end = sentences[:, 0], sentences[:, 1], sentences[:, 2]
    return (sums[row, end + 1] - sums[row, start]) / (end - start + 1).unsqueeze(-1)


def _ranked(relevance: Tensor, batch: Batch) -> Tensor:
    """How unlikely each right text is among those of its question that are not right."""
    same = batch.groups[:, 2][:, None] == batch.groups[:, 2][None, :]
    wrong = same & (batch.labels[:, 0] == 0)[None, :]
    right = (batch.labels[:, 0] == 1) & wrong.any(1)
    against = torch.logsumexp(relevance[None, :].expand_as(wrong).masked_fill(~wrong, NEVER), 1)
    return _over(functional.softplus(against - relevance), right)


def _finding(network: ReaderNetwork, seen: Seen, batch: Batch, weights: Weights) -> dict[str, Tensor]:
    assert seen.q_codes is not None and seen.p_codes is not None and seen.importance is not None
    q_codes, p_codes = seen.q_codes.float(), seen.p_codes.float()
    right = batch.labels[:, 0] == 1
    question, article = batch.groups[:, 2], batch.groups[:, 1]
    same = question[:, None] == question[None, :]
    other = (article[:, None] != article[None, :]) & (article[None, :] >= 0) & ~same
    wrong = other | (same & (batch.labels[:, 0] == 0)[None, :])
    scale = network.scales.exp().clamp(max=100)
    content = batch.q_mask.clone()
    content[:, 0] = 0
    content.scatter_(1, (batch.q_mask.sum(1, keepdim=True) - 1), 0)
    weight = seen.importance * content
    weight = weight / weight.sum(1, keepdim=True).clamp(min=1e-6)
    held = batch.p_mask.bool()
    asked = functional.normalize(q_codes[..., :MATCHED], dim=-1).to(seen.p_codes.dtype)
    told = functional.normalize(p_codes[..., :MATCHED], dim=-1).to(seen.p_codes.dtype)
    asking = torch.flatten(right.nonzero())
    if not len(asking):
        return {}
    nearest = _nearest(asked[asking], told, held, weight[asking])
    parts = {"matched": weights.matched * _softmax(nearest * scale[0], asking, wrong[asking])}
    text = batch.text.unsqueeze(-1)
    passages = functional.normalize((p_codes * text).sum(1) / text.sum(1).clamp(min=1), dim=-1)
    questions = functional.normalize((q_codes * weight.unsqueeze(-1)).sum(1), dim=-1)[asking]
    parts["passages"] = weights.vectors * _softmax(questions @ passages.T * scale[1], asking, wrong[asking])
    sentences = functional.normalize(_means(p_codes, batch.sentences), dim=-1)
    row, label = batch.sentences[:, 0], batch.sentences[:, 3]
    scores = questions @ sentences.T * scale[2]
    belongs = (row[None, :] == asking[:, None]) & (label == 1)[None, :]
    against = (wrong[asking][:, row]) | ((row[None, :] == asking[:, None]) & (label == 0)[None, :])
    known = belongs.any(1)
    best = torch.logsumexp(scores.masked_fill(~belongs, NEVER), 1)
    rest = torch.logsumexp(scores.masked_fill(~against, NEVER), 1)
    parts["sentences"] = weights.vectors * _over(functional.softplus(rest - best), known)
    return parts


def _nearest(asked: Tensor, told: Tensor, held: Tensor, weight: Tensor) -> Tensor:
    """(u, b): the weighted mean over a question's words of the cosine with the nearest word of each text."""
    u, q, d = asked.shape
    b, p, _ = told.shape
    out = []
    for start in range(0, u, 16):
        some = asked[start : start + 16]
        scores = (some.reshape(-1, d) @ told.reshape(-1, d).T).view(len(some), q, b, p)
        best = scores.masked_fill(~held[None, None], -1.0).amax(3).float()
        out.append((best * weight[start : start + 16].unsqueeze(-1)).sum(1))
    return torch.cat(out)


def _softmax(scores: Tensor, own: Tensor, wrong: Tensor) -> Tensor:
    """The mean loss of each question's own text (a column of `scores` (u, b)) against those marked wrong (u, b)."""
    mine = scores.gather(1, own[:, None])[:, 0]
    rest = torch.logsumexp(scores.masked_fill(~wrong, NEVER), 1)
    return functional.softplus(rest - mine).mean()


def _as_taught(
    read: Read, taught: Read, logits: Tensor, starts: Tensor, ends: Tensor, allowed: Tensor, batch: Batch
) -> Tensor:
    losses = []
    for mine, theirs in ((starts, taught.starts), (ends, taught.ends)):
        target = torch.softmax(theirs.float().masked_fill(~allowed, NEVER), 1)
        losses.append(_over(-(target * mine.clamp(min=-30)).sum(1), batch.taught) / 2)
    for a, b in ((read.relevance, taught.relevance), (read.answers, taught.answers)):
        each = functional.binary_cross_entropy_with_logits(a.float(), torch.sigmoid(b.float()), reduction="none")
        losses.append(_over(each, batch.taught) / 2)
    claims = (batch.labels[:, 2] >= 0) & batch.taught
    divergence = -(torch.softmax(taught.support.float(), 1) * torch.log_softmax(read.support.float(), 1)).sum(1)
    losses.append(_over(divergence, claims) / 2)
    theirs = torch.sigmoid(_means(taught.sentence.float().unsqueeze(-1), batch.sentences)[:, 0])
    row = batch.sentences[:, 0]
    known = (batch.labels[row, 2] < 0) & batch.taught[row]
    losses.append(_over(functional.binary_cross_entropy_with_logits(logits, theirs, reduction="none"), known) / 2)
    return torch.stack(losses).sum()


def keep_most(
    network: ReaderNetwork, data: Encoded, device: torch.device, seed: int, batch: int, rounds: int = 40
) -> None:
    """Begins the codes with the main components of the states, the largest first."""
    width = network.middle.shape[0]
    total = torch.zeros(width, width, dtype=torch.float64, device=device)
    sums = torch.zeros(width, dtype=torch.float64, device=device)
    count = 0
    with torch.no_grad(), quick(device):
        for n, rows in enumerate(batches(data, batch, seed)):
            if n == rounds:
                break
            some = collate(data, rows).to(device)
            states = network.lower(some.p, some.p_mask, 1)[some.p_mask.bool()].double()
            total += states.T @ states
            sums += states.sum(0)
            count += len(states)
    middle = sums / count
    _, vectors = torch.linalg.eigh(total / count - torch.outer(middle, middle))
    main = vectors.flip(1)[:, : network.down.out_features].T
    with torch.no_grad():
        network.middle.copy_(middle)
        network.down.weight.copy_(main)
        network.up.weight.copy_(main.T)


def teach(
    network: ReaderNetwork,
    data: Encoded,
    course: Course,
    *,
    seed: int,
    checkpoint: Path | None = None,
    teacher: ReaderNetwork | None = None,
    say: Callable[[str], None] = print,
) -> int:
    """Teaches in place; gives the number of lessons seen. `checkpoint`: a file that the state is written to every
    CHECKPOINT_STEPS steps, and from which a course that was stopped goes on. `teacher`: a network that has learned."""
    device = next(network.parameters()).device
    torch.manual_seed(seed)
    optimiser = _optimiser(network, course, device)
    rates = [group["lr"] for group in optimiser.param_groups]
    begin, lessons = 0, 0
    if checkpoint is not None and checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=True, map_location=device)
        network.load_state_dict(saved["network"])
        optimiser.load_state_dict(saved["optimiser"])
        begin, lessons = saved["step"], saved["lessons"]
    began, before = time.monotonic(), lessons
    recent: dict[str, Tensor] = {}
    network.train()
    order = itertools.islice(endless(data, course.batch, seed), begin, course.steps)
    for step, batch in enumerate(ahead(data, order, device), begin + 1):
        factor = course.factor(step)
        for group, rate in zip(optimiser.param_groups, rates, strict=True):
            group["lr"] = rate * factor
        with quick(device):
            taught = None
            if teacher is not None:
                with torch.no_grad():
                    taught = look(teacher, batch).read
            loss, parts = loss_of(network, batch, course.weights, taught)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        lessons += len(batch.q)
        for name, value in parts.items():
            recent[name] = recent.get(name, value.detach()) * 0.98 + value.detach() * 0.02
        if step % CHECKPOINT_STEPS == 0 or step == course.steps:
            told = " ".join(f"{name} {float(value):.3f}" for name, value in recent.items())
            say(f"{step}/{course.steps} {(lessons - before) / (time.monotonic() - began):.0f}/s {told}")
            if checkpoint is not None:
                _save(checkpoint, network, optimiser, step, lessons)
    network.eval()
    return lessons


def _optimiser(network: ReaderNetwork, course: Course, device: torch.device) -> torch.optim.Optimizer:
    groups: dict[bool, list[nn.Parameter]] = {True: [], False: []}
    for name, parameter in network.named_parameters():
        if parameter.requires_grad:
            groups[name.split(".")[0] in NEW].append(parameter)
    return torch.optim.AdamW(
        [
            {"params": groups[False], "lr": course.learning_rate},
            {"params": groups[True], "lr": course.learning_rate * course.heads},
        ],
        weight_decay=0.01,
        fused=device.type == "cuda",
    )


def _save(checkpoint: Path, network: ReaderNetwork, optimiser: torch.optim.Optimizer, step: int, lessons: int) -> None:
    part = checkpoint.with_suffix(".part")
    torch.save(
        {"network": network.state_dict(), "optimiser": optimiser.state_dict(), "step": step, "lessons": lessons}, part
    )
    part.replace(checkpoint)
