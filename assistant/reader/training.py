"""Train the reader: `python -m assistant.reader train --data FOLDER --output FILE`.

The MiniLM trunk is trained whole but for its embeddings, with three heads on top: the span (start and end, with the
first token as "no answer here"; the likelihood is summed over all occurrences, Clark and Gardner 2018), relevance
(is this the place), and answerability (does it answer). Near misses train only the last and the span.
Checkpointed; a run that was stopped goes on where it was.
But: compression of the result is in `weights`, running it without torch in `runtime`.
"""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from assistant.reader.examples import Example, batches, load_examples
from assistant.reader.network import ReaderNetwork

MAX_TOKENS = 160
BATCH = 32
LEARNING_RATE = 2e-4


def encode(tokenizer: Tokenizer, example: Example) -> tuple[list[int], list[int], list[tuple[int, int]]]:
    """Token ids, token types and the answers as inclusive token ranges; answers cut off by the limit are left out."""
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
    return encoding.ids, encoding.type_ids, ranges


def loss_of(
    network: ReaderNetwork, rows: list[tuple[Example, tuple[list[int], list[int], list[tuple[int, int]]]]]
) -> Tensor:
    """The summed loss of one batch."""
    longest = max(len(row[1][0]) for row in rows)
    ids = torch.zeros(len(rows), longest, dtype=torch.long)
    types, mask = torch.zeros_like(ids), torch.zeros_like(ids)
    for n, (_, (i, t, _r)) in enumerate(rows):
        ids[n, : len(i)], types[n, : len(t)], mask[n, : len(i)] = torch.tensor(i), torch.tensor(t), 1
    span, relevance, answers = network(ids, types, mask)
    allowed = (types == 1) & (mask == 1)
    allowed[:, 0] = True
    span = span.float().masked_fill(~allowed.unsqueeze(-1), -1e4)
    log = torch.log_softmax(span, dim=1)
    losses = []
    for n, (_, (_i, _t, ranges)) in enumerate(rows):
        if ranges:
            losses.append(-torch.logsumexp(torch.stack([log[n, a, 0] + log[n, b, 1] for a, b in ranges]), 0) / 2)
        else:
            losses.append(-(log[n, 0, 0] + log[n, 0, 1]) / 2 * 0.5)
    answer_labels = torch.tensor([float(bool(r[1][2])) for r in rows])
    known = torch.tensor([r[0].relevant is not None for r in rows])
    relevant = torch.tensor([float(bool(r[0].relevant)) for r in rows])
    bce = nn.functional.binary_cross_entropy_with_logits
    return (
        torch.stack(losses).mean()
        + 0.5 * bce(answers.float(), answer_labels)
        + 0.5 * (bce(relevance.float(), relevant, reduction="none") * known).sum() / max(1, int(known.sum()))
    )


def train(
    data: Path, output: Path, model_dir: Path, *, answerable: int, negatives: int, near_misses: int, seed: int = 13
) -> None:
    """Train for one epoch and write the network's state to `output` (torch format), with checkpoints beside it."""
    torch.manual_seed(seed)
    tokenizer = Tokenizer.from_file(str(model_dir / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS, strategy="only_second")
    network = ReaderNetwork(model_dir).train()
    examples = load_examples(data, answerable=answerable, negatives=negatives, near_misses=near_misses, seed=seed)
    encoded = [encode(tokenizer, example) for example in examples]
    order = list(batches(examples, [len(e[0]) for e in encoded], BATCH, seed))
    optimiser = torch.optim.AdamW(
        [p for p in network.parameters() if p.requires_grad], lr=LEARNING_RATE, weight_decay=0.01
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
    started, recent = time.monotonic(), []
    for step in range(begin, len(order)):
        loss = loss_of(network, [(examples[i], encoded[i]) for i in order[step]])
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        recent.append(float(loss))
        if (step + 1) % 50 == 0:
            rate = (step + 1 - begin) * BATCH / (time.monotonic() - started)
            left = (len(order) - step - 1) * BATCH / rate / 60
            print(
                f"{step + 1}/{len(order)}  loss {np.mean(recent[-200:]):.3f}  "
                f"{rate:.1f} examples/s  {left:.0f} min left",
                flush=True,
            )
        if (step + 1) % 400 == 0 or step + 1 == len(order):
            part = checkpoint.with_suffix(".part")
            torch.save(
                {
                    "network": network.state_dict(),
                    "optimiser": optimiser.state_dict(),
                    "schedule": schedule.state_dict(),
                    "step": step + 1,
                },
                part,
            )
            part.replace(checkpoint)
    torch.save(network.state_dict(), output)
