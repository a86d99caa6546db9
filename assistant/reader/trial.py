"""How well a reader does on articles that it did not learn from: figures of a course, not of attest.

Spans: F1 of tokens over questions that their text answers, and the area under the ROC curve of "does it answer" with
near misses beside them. Finding: how often a text that holds the answer is first, or among five, of all windows of
its article: by nearest words, by vectors, as read, and by the sum of what is found and read.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray

from assistant.reader.batches import collate
from assistant.reader.lessons.arrays import Encoded
from assistant.reader.teaching import look, quick
from vectorstore.embedding.network.mpnet import ReaderNetwork
from vectorstore.embedding.states import MATCHED

LONGEST = 30


def area(scores: NDArray[np.float64], labels: NDArray[np.bool_]) -> float:
    """The area under the ROC curve, ties counted half."""
    order = np.argsort(scores, kind="stable")
    ranks = np.empty(len(scores))
    _, inverse, counts = np.unique(scores[order], return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks[order] = (ends - (counts - 1) / 2)[inverse]
    good = int(labels.sum())
    return float((ranks[labels].sum() - good * (good + 1) / 2) / (good * (len(labels) - good)))


def judge(network: ReaderNetwork, data: Encoded, size: int = 256) -> dict[str, NDArray[np.float64]]:
    """For each lesson: relevance, answers, support (n, 3), f1 (nan without an answer), margin, and, where layers are
    apart, matched and vector."""
    device = next(network.parameters()).device
    order = np.argsort(np.diff(data.passage_at), kind="stable")
    out: dict[str, NDArray[np.float64]] = {
        name: np.full(len(data), np.nan) for name in ("relevance", "answers", "f1", "margin", "matched", "vector")
    }
    out["support"] = np.full((len(data), 3), np.nan)
    network.eval()
    for at in range(0, len(order), size):
        rows = order[at : at + size].tolist()
        batch = collate(data, rows).to(device)
        with torch.no_grad(), quick(device):
            seen = look(network, batch)
        read = seen.read
        out["relevance"][rows] = read.relevance.float().cpu().numpy()
        out["answers"][rows] = read.answers.float().cpu().numpy()
        out["support"][rows] = torch.softmax(read.support.float(), 1).cpu().numpy()
        text = torch.cat([torch.zeros_like(batch.text[:, :1]), batch.text], 1)
        starts, ends = (x.float().masked_fill(~text, -1e4) for x in (read.starts, read.ends))
        sums = starts[:, :, None] + ends[:, None, :]
        steps = torch.arange(sums.shape[1], device=device)
        steps = steps[None, :] - steps[:, None]
        sums = sums.masked_fill((steps < 0) | (steps >= LONGEST), -1e9).flatten(1)
        best, where = sums.max(1)
        out["margin"][rows] = (best - read.starts[:, 0].float() - read.ends[:, 0].float()).cpu().numpy()
        a, b = (where // starts.shape[1] - 1).cpu().numpy(), (where % starts.shape[1] - 1).cpu().numpy()
        for n, i in enumerate(rows):
            gold = data.answers[data.answer_at[i] : data.answer_at[i + 1]]
            if len(gold):
                shared = np.maximum(0, np.minimum(b[n], gold[:, 1]) - np.maximum(a[n], gold[:, 0]) + 1)
                out["f1"][i] = (2 * shared / (b[n] - a[n] + 1 + gold[:, 1] - gold[:, 0] + 1)).max()
        if seen.p_codes is not None and seen.q_codes is not None and seen.importance is not None:
            weight = seen.importance * batch.q_mask
            weight[:, 0] = 0
            weight.scatter_(1, batch.q_mask.sum(1, keepdim=True) - 1, 0.0)
            weight = weight / weight.sum(1, keepdim=True)
            q = torch.nn.functional.normalize(seen.q_codes.float()[..., :MATCHED], dim=-1)
            p = torch.nn.functional.normalize(seen.p_codes.float()[..., :MATCHED], dim=-1)
            nearest = (q @ p.transpose(1, 2)).masked_fill(batch.p_mask[:, None, :] == 0, -1).amax(2)
            out["matched"][rows] = (nearest * weight).sum(1).cpu().numpy()
            held = batch.text.unsqueeze(-1)
            mean = torch.nn.functional.normalize((seen.p_codes.float() * held).sum(1), dim=-1)
            asked = torch.nn.functional.normalize((seen.q_codes.float() * weight.unsqueeze(-1)).sum(1), dim=-1)
            out["vector"][rows] = (mean * asked).sum(1).cpu().numpy()
    return out


def figures(network: ReaderNetwork, questions: Encoded, ranked: Encoded) -> Mapping[str, float]:
    """`questions`: answerable ones, near misses and claims; `ranked`: each question with all windows of its article."""
    judged = judge(network, questions)
    known = questions.labels[:, 1] >= 0
    labels = questions.labels[known, 1] == 1
    out = {
        "f1": float(np.nanmean(judged["f1"])),
        "answers_auroc": area(judged["answers"][known], labels),
        "margin_auroc": area(judged["margin"][known], labels),
    }
    claims = questions.labels[:, 2] >= 0
    if claims.any():
        out["support"] = float((judged["support"][claims].argmax(1) == questions.labels[claims, 2]).mean())
    found = judge(network, ranked)

    def z(x: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray((x - x.mean()) / (x.std() + 1e-9))

    ways = {name: [0, 0] for name in ("matched", "vector", "relevance", "read", "all")}
    asked = np.unique(ranked.groups[:, 0])
    for unit in asked:
        rows = np.flatnonzero(ranked.groups[:, 0] == unit)
        good = ranked.labels[rows, 0] == 1
        read = found["relevance"][rows] + found["answers"][rows]
        ways_here = {
            "matched": found["matched"][rows],
            "vector": found["vector"][rows],
            "relevance": found["relevance"][rows],
            "read": read,
            "all": z(found["matched"][rows]) + z(read) if network.apart else read,
        }
        for name, scores in ways_here.items():
            if not np.isnan(scores).any():
                order = np.argsort(-scores, kind="stable")
                ways[name][0] += bool(good[order[0]])
                ways[name][1] += bool(good[order[:5]].any())
    for name, (first, five) in ways.items():
        if first:
            out |= {f"{name}@1": first / len(asked), f"{name}@5": five / len(asked)}
    return {name: round(value, 4) for name, value in out.items()}
