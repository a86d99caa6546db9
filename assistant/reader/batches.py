"""Lessons in batches: units stay together, texts of about one length beside each other."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from assistant.reader.lessons.arrays import PAD, Encoded


@dataclass(frozen=True)
class Batch:
    """`ranges` (b, r, 2), -1 where there is none; `sentences` (s, 4): row, start, end, label."""

    q: Tensor
    p: Tensor
    q_mask: Tensor
    p_mask: Tensor
    text: Tensor
    taught: Tensor
    labels: Tensor
    groups: Tensor
    doubted: Tensor
    needed: Tensor
    ranges: Tensor
    sentences: Tensor

    def to(self, device: torch.device) -> Batch:
        return Batch(**{name: value.to(device, non_blocking=True) for name, value in vars(self).items()})


def collate(data: Encoded, rows: Sequence[int]) -> Batch:
    def padded(flat: Any, at: Any, fill: int) -> Any:
        longest = max(int(at[i + 1] - at[i]) for i in rows)
        out = np.full((len(rows), -(-longest // 8) * 8), fill, dtype=np.int64)
        for n, i in enumerate(rows):
            out[n, : at[i + 1] - at[i]] = flat[at[i] : at[i + 1]]
        return out

    q, p = padded(data.questions, data.question_at, PAD), padded(data.passages, data.passage_at, PAD)
    at = np.arange(p.shape[1])[None, :]
    first, size = data.first[list(rows)], np.diff(data.passage_at)[list(rows)]
    text = (at >= first[:, None]) & (at < size[:, None] - 1)
    spans = [data.answers[data.answer_at[i] : data.answer_at[i + 1]] for i in rows]
    ranges = np.full((len(rows), max(1, *(len(s) for s in spans)), 2), -1, dtype=np.int64)
    for n, some in enumerate(spans):
        ranges[n, : len(some)] = some
    parts = [data.sentences[data.sentence_at[i] : data.sentence_at[i + 1]] for i in rows]
    numbers = np.repeat(np.arange(len(rows)), [len(part) for part in parts])
    sentences = np.concatenate([numbers[:, None], np.concatenate(parts)], 1)
    tokens = (q, p, (q != PAD).astype(np.int64), (p != PAD).astype(np.int64), text)
    q_ids, p_ids, q_mask, p_mask, in_text = (torch.from_numpy(each) for each in tokens)
    return Batch(
        q_ids,
        p_ids,
        q_mask,
        p_mask,
        in_text,
        torch.from_numpy(data.taught[list(rows)]),
        torch.from_numpy(data.labels[list(rows)].astype(np.int64)),
        torch.from_numpy(data.groups[list(rows)]),
        torch.from_numpy(padded(data.doubted, data.question_at, -1)),
        torch.from_numpy(padded(data.needed, data.passage_at, -1)),
        torch.from_numpy(ranges),
        torch.from_numpy(sentences),
    )


def batches(data: Encoded, size: int, seed: int) -> Iterator[list[int]]:
    """One epoch: units, which stay together, in runs of 40 batches that are sorted by length."""
    rng = random.Random(seed)
    edges = [0, *(np.flatnonzero(np.diff(data.groups[:, 0])) + 1).tolist(), len(data)]
    units = [list(range(a, b)) for a, b in itertools.pairwise(edges)]
    rng.shuffle(units)
    sizes = np.diff(data.passage_at)
    out: list[list[int]] = []
    run: list[list[int]] = []

    def close() -> None:
        run.sort(key=lambda unit: max(int(sizes[i]) for i in unit))
        batch: list[int] = []
        made = []
        for unit in run:
            batch += unit
            if len(batch) >= size:
                made.append(batch)
                batch = []
        if batch:
            made.append(batch)
        rng.shuffle(made)
        out.extend(made)
        run.clear()

    held = 0
    for unit in units:
        run.append(unit)
        held += len(unit)
        if held >= 40 * size:
            close()
            held = 0
    if run:
        close()
    yield from out


def endless(data: Encoded, size: int, seed: int) -> Iterator[list[int]]:
    while True:
        yield from batches(data, size, seed)
        seed += 1


def ahead(data: Encoded, order: Iterator[list[int]], device: torch.device, workers: int = 6) -> Iterator[Batch]:
    """The batches, made by other processes while the network learns, where that is on a graphics processor."""
    if device.type == "cpu":
        for rows in order:
            yield collate(data, rows)
        return
    loader = torch.utils.data.DataLoader(
        _Collated(data),
        batch_size=None,
        sampler=order,
        num_workers=workers,
        pin_memory=True,
        prefetch_factor=8,
        multiprocessing_context="fork",
    )
    for made in loader:
        yield Batch(**made).to(device)


class _Collated(torch.utils.data.Dataset[dict[str, Tensor]]):
    def __init__(self, data: Encoded) -> None:
        self._data = data

    def __getitem__(self, rows: list[int]) -> dict[str, Tensor]:
        torch.set_num_threads(1)
        return dict(vars(collate(self._data, rows)))
