"""The reader's commands: `python -m assistant.reader train --data FOLDER` trains it, checkpointed and resumable, and
writes `reader.safetensors`; a run that was stopped goes on where it was.

But: what is learned from is in `examples`, `contrasts` and `rivals`, how in `training`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.reader.runtime import WEIGHTS
from vectorstore.disk.packaged import write_note

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

    from assistant.reader.training.contrasts import Unit
    from assistant.reader.training.course import Course

NEEDED = (
    "squad/train-v1.1.json",
    "squad/train-unanswerable.json",
    "trecqa/train.csv",
    "selqa/dev.json",
    "scifact/corpus.jsonl",
    "scifact/queries.train.jsonl",
    "scifact/qrels/train.tsv",
    "canard/dev.json",
    "fm2/dev.jsonl",
)
SEED = 13
AVERAGED = ("second", "third")
"""The courses whose results are averaged."""
FIRST_COURSE = {"answerable": 42_000, "negatives": 18_000, "near_misses": 9_000}
SECOND_COURSE = {"near_misses": 26_000, "answerable": 22_000, "negatives": 13_000, "follow_ups_made": 3_500}
THIRD_COURSE = {"rivals": 9_500, "near_misses": 10_000, "follow_ups_made": 2_500, "conversations": 3_200}
"""How many examples of each sort."""


def main() -> int:
    """Exit code 2 where the data is not there."""
    parser = argparse.ArgumentParser(prog="python -m assistant.reader")
    commands = parser.add_subparsers(dest="command", required=True)
    train = commands.add_parser("train", help="train the reader and write its weights")
    train.add_argument(
        "--data", type=Path, required=True, help="a folder with squad/, trecqa/, selqa/, scifact/, canard/ and fm2/"
    )
    train.add_argument("--state", type=Path, default=Path("training"), help="a folder for checkpoints")
    train.add_argument("--output", type=Path, default=WEIGHTS, help="the compressed weights")
    options = parser.parse_args()
    for name in NEEDED:
        if not (options.data / name).is_file():
            print(f"reader: {options.data / name} does not exist: pass --data with the data sets", file=sys.stderr)
            return 2
    _train(options.data, options.state, options.output)
    write_note(options.output)
    print(f"{options.output}: {options.output.stat().st_size / 1e6:.1f} MB")
    return 0


def _train(data: Path, state: Path, output: Path) -> None:
    import torch
    from safetensors.numpy import load_file

    from assistant.reader.training.contrasts import second_course
    from assistant.reader.training.course import FIRST, SECOND, THIRD, train
    from assistant.reader.training.examples import first_course
    from assistant.reader.training.rivals import third_course
    from assistant.reader.weights import compress, expand
    from vectorstore.embedding.minilm import model_directory

    courses: tuple[tuple[str, Course, Callable[[], Sequence[Unit]]], ...] = (
        ("first", FIRST, lambda: [[e] for e in first_course(data / "squad", **FIRST_COURSE, seed=SEED)]),
        ("second", SECOND, lambda: second_course(data, **SECOND_COURSE, seed=SEED)),
        ("third", THIRD, lambda: third_course(data, **THIRD_COURSE, seed=SEED)),
    )
    state.mkdir(parents=True, exist_ok=True)
    model = model_directory()
    base = load_file(model / "model.safetensors")
    before: Path | None = None
    for name, course, units in courses:
        trained, stored = state / f"{name}.pt", state / f"{name}.safetensors"
        if not trained.exists() and (name in AVERAGED or not stored.exists()):
            start = {k: torch.from_numpy(v) for k, v in expand(before.read_bytes(), base).items()} if before else None
            train(units(), course, trained, model, start=start, seed=SEED)
        if not stored.exists():
            compress(_kept(torch.load(trained, weights_only=True)), base, stored)
        before = stored
    second, third = (_kept(torch.load(state / f"{name}.pt", weights_only=True)) for name in AVERAGED)
    compress(mean(second, third), base, output)


def mean(second: Mapping[str, NDArray[np.float32]], third: Mapping[str, NDArray[np.float32]]) -> dict[str, Any]:
    """The weights that are shipped: the mean of two courses' results (Wortsman et al. 2022)."""
    return {name: (second[name] + value) / 2 for name, value in third.items()}


def _kept(weights: Mapping[str, Tensor]) -> dict[str, NDArray[np.float32]]:
    """Those that are stored, as arrays."""
    from assistant.reader.weights import NOT_STORED

    return {name: value.float().numpy() for name, value in weights.items() if not name.startswith(NOT_STORED)}


if __name__ == "__main__":
    sys.exit(main())
