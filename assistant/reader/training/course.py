"""Train the reader: `python -m assistant.reader train --data FOLDER`.

The MiniLM trunk is trained whole but for its embeddings, with four heads on top: the span (start and end, with the
first token as "no answer here"; the likelihood is summed over all occurrences, Clark and Gardner 2018), relevance
(is this the place), answerability (does it answer), and doubt (which words of the question the text does not bear out).
Near misses train only the span and answerability.
Three courses of one epoch each (`examples`, `contrasts`, `rivals`): each starts from the weights of the one before as
the repository would store them. Checkpointed; a run that was stopped goes on where it was.
But: compression of the result is in `weights`, running it without torch in `runtime`.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from tokenizers import Tokenizer
from torch import Tensor, nn

from assistant.reader.network import ReaderNetwork
from assistant.reader.training.examples import Example, batches

BATCH = 32
CHECKPOINT_STEPS = 200


@dataclass(frozen=True, slots=True)
class Course:
    """How one epoch is trained. `max_tokens` a question with its text; `learning_rate` at its highest; `null`: what
    the span loss of a text without an answer counts beside one with an answer; `judging`: what the loss of the head
    that says whether it answers counts; `dropout` as in the trunk (0.1 as published; none is a quarter faster);
    `ranking`: what the softmax over the texts of one question counts beside each text's own relevance; `doubting`: what
    the loss of the doubted words counts."""

    max_tokens: int
    learning_rate: float
    null: float
    judging: float
    dropout: float
    ranking: float = 0.0
    doubting: float = 0.0


FIRST = Course(max_tokens=160, learning_rate=2e-4, null=0.5, judging=0.5, dropout=0.1)
SECOND = Course(max_tokens=224, learning_rate=1.5e-4, null=0.8, judging=1.0, dropout=0.0)
THIRD = Course(max_tokens=224, learning_rate=1e-4, null=0.8, judging=1.0, dropout=0.0, ranking=0.5, doubting=0.3)

Encoded = tuple[list[int], list[int], list[tuple[int, int]], list[int]]
"""Token ids, token types, the answers as inclusive token ranges, the tokens of the question that are not borne out."""


def encode(tokenizer: Tokenizer, example: Example) -> Encoded:
    """An example in tokens; answers cut off by the limit are left out."""
    encoding = tokenizer.encode(example.question, example.text)
    first = encoding.type_ids.index(1) if 1 in encoding.type_ids else len(encoding.ids)
    ranges = []
    for start, end in example.answers:
        inside = [
            i
            for i in range(first, len(encoding.ids) - 1)
            if encoding.offsets[i][0] < end and encoding.offsets[i][1] > start
        ]
        if inside:
            ranges.append((inside[0], inside[-1]))
    doubted = [
        i
        for i in range(1, first - 1)
        if any(
            encoding.offsets[i][0] < end and encoding.offsets[i][1] > start for start, end in example.unsupported or ()
        )
    ]
    return encoding.ids, encoding.type_ids, ranges, doubted


def loss_of(
    network: ReaderNetwork,
    rows: list[tuple[Example, Encoded]],
    course: Course,
) -> Tensor:
    """The summed loss of one batch."""
    device = next(network.parameters()).device
    longest = max(len(row[1][0]) for row in rows)
    ids = torch.zeros(len(rows), longest, dtype=torch.long)
    types, mask = torch.zeros_like(ids), torch.zeros_like(ids)
    for n, (_, (i, t, _r, _d)) in enumerate(rows):
        ids[n, : len(i)], types[n, : len(t)], mask[n, : len(i)] = torch.tensor(i), torch.tensor(t), 1
    ids, types, mask = ids.to(device), types.to(device), mask.to(device)
    with torch.autocast(device.type, dtype=torch.bfloat16):
        span, relevance, answers, doubt = network.with_doubt(ids, types, mask)
    allowed = (types == 1) & (mask == 1)
    allowed[:, 0] = True
    log = torch.log_softmax(span.float().masked_fill(~allowed.unsqueeze(-1), -1e4), dim=1)
    losses = []
    for n, (example, (_i, _t, ranges, _d)) in enumerate(rows):
        if ranges:
            losses.append(-torch.logsumexp(torch.stack([log[n, a, 0] + log[n, b, 1] for a, b in ranges]), 0) / 2)
        elif example.answered is False:
            losses.append(-(log[n, 0, 0] + log[n, 0, 1]) / 2 * course.null)
    spans = torch.stack(losses).mean() if losses else log.sum() * 0
    return (
        spans
        + course.judging * _judged(answers, [example.answered for example, _ in rows])
        + 0.5 * _judged(relevance, [example.relevant for example, _ in rows])
        + course.ranking * _ranked(relevance.float(), [example for example, _ in rows])
        + course.doubting * _doubted(doubt.float(), types, mask, rows)
    )


def _judged(logits: Tensor, labels: Sequence[bool | None]) -> Tensor:
    """The mean binary cross-entropy where the label is known."""
    known = torch.tensor([label is not None for label in labels], device=logits.device)
    wanted = torch.tensor([float(bool(label)) for label in labels], device=logits.device)
    losses = nn.functional.binary_cross_entropy_with_logits(logits.float(), wanted, reduction="none")
    return (losses * known).sum() / known.sum().clamp(min=1)


def _ranked(relevance: Tensor, examples: Sequence[Example]) -> Tensor:
    """The mean over questions of how unlikely the right texts are among all of the batch (softmax cross-entropy)."""
    groups: dict[str, list[int]] = {}
    for n, example in enumerate(examples):
        if example.relevant is not None:
            groups.setdefault(example.question, []).append(n)
    losses = []
    for group in groups.values():
        right = [n for n in group if examples[n].relevant]
        if right and len(right) < len(group):
            losses.append(torch.logsumexp(relevance[group], 0) - torch.logsumexp(relevance[right], 0))
    return torch.stack(losses).mean() if losses else relevance.sum() * 0


def _doubted(doubt: Tensor, types: Tensor, mask: Tensor, rows: list[tuple[Example, Encoded]]) -> Tensor:
    """The mean binary cross-entropy over the words of the questions of which it is known."""
    known = torch.tensor([example.unsupported is not None for example, _ in rows], device=doubt.device)
    wanted = torch.zeros_like(doubt)
    for n, (_, (_i, _t, _r, doubted)) in enumerate(rows):
        wanted[n, doubted] = 1
    counted = (types == 0) & (mask == 1) & known.unsqueeze(-1)
    losses = nn.functional.binary_cross_entropy_with_logits(doubt, wanted, reduction="none")
    return (losses * counted).sum() / counted.sum().clamp(min=1)


def train(
    units: Sequence[Sequence[Example]],
    course: Course,
    output: Path,
    model_dir: Path,
    *,
    start: dict[str, Tensor] | None = None,
    seed: int = 13,
) -> None:
    """Train for one epoch and write the network's state to `output` (torch format), with checkpoints beside it.
    `start`: weights to begin with, by their names in the network; the embeddings are the published ones."""
    torch.manual_seed(seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    tokenizer = Tokenizer.from_file(str(model_dir / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(course.max_tokens, strategy="only_second")
    network = ReaderNetwork(model_dir).train()
    for module in network.modules():
        if isinstance(module, nn.Dropout):
            module.p = course.dropout
    if start is not None:
        network.load_state_dict(start, strict=False)
    network.to(device)
    examples = [example for unit in units for example in unit]
    encoded = [encode(tokenizer, example) for example in examples]
    numbers = iter(range(len(examples)))
    numbered = [[next(numbers) for _ in unit] for unit in units]
    order = list(batches(numbered, [len(e[0]) for e in encoded], BATCH, seed))
    optimiser = torch.optim.AdamW(
        [p for p in network.parameters() if p.requires_grad], lr=course.learning_rate, weight_decay=0.01
    )
    warm = max(1, len(order) // 20)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda s: min((s + 1) / warm, max(0.0, (len(order) - s) / (len(order) - warm)))
    )
    checkpoint = output.with_suffix(".checkpoint")
    begin = 0
    if checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=True)
        network.load_state_dict(saved["network"])
        optimiser.load_state_dict(saved["optimiser"])
        schedule.load_state_dict(saved["schedule"])
        begin = saved["step"]
    with _bar() as bar:
        task = bar.add_task(output.stem, total=len(order), completed=begin, said="")
        recent: list[float] = []
        started = time.monotonic()
        for step in range(begin, len(order)):
            loss = loss_of(network, [(examples[i], encoded[i]) for i in order[step]], course)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            recent.append(float(loss.detach()))
            rate = sum(map(len, order[begin : step + 1])) / (time.monotonic() - started)
            bar.update(task, completed=step + 1, said=f"loss {np.mean(recent[-200:]):.3f}, {rate:.0f} examples/s")
            if (step + 1) % CHECKPOINT_STEPS == 0 or step + 1 == len(order):
                _save(checkpoint, network, optimiser, schedule, step + 1)
                if not bar.console.is_terminal:
                    print(f"{step + 1}/{len(order)}  {bar.tasks[0].fields['said']}", flush=True)
    part = output.with_suffix(".part")
    torch.save({name: value.cpu() for name, value in network.state_dict().items()}, part)
    part.replace(output)


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total} {task.fields[said]}"),
        TimeRemainingColumn(),
    )


def _save(
    checkpoint: Path,
    network: ReaderNetwork,
    optimiser: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.LRScheduler,
    step: int,
) -> None:
    part = checkpoint.with_suffix(".part")
    torch.save(
        {
            "network": network.state_dict(),
            "optimiser": optimiser.state_dict(),
            "schedule": schedule.state_dict(),
            "step": step,
        },
        part,
    )
    part.replace(checkpoint)
