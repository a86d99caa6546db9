"""The reader's commands: `python -m assistant.reader train --data FOLDER` trains it, checkpointed and resumable, and
writes `reader.safetensors`; a run that was stopped goes on where it was.

But: what is learned from is in `examples` and `contrasts`, how in `training`.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from assistant.reader.runtime import WEIGHTS

NEEDED = (
    "squad/train-v1.1.json",
    "squad/train-unanswerable.json",
    "trecqa/train.csv",
    "selqa/dev.json",
    "scifact/corpus.jsonl",
    "scifact/queries.train.jsonl",
    "scifact/qrels/train.tsv",
)
SEED = 13
UNTRAINED = ("trunk.embeddings", "trunk.pooler")
FIRST_COURSE = {"answerable": 42_000, "negatives": 18_000, "near_misses": 9_000}
SECOND_COURSE = {"near_misses": 26_000, "answerable": 22_000, "negatives": 13_000, "follow_ups": 3_500}
"""How many examples of each sort."""


def main() -> int:
    """Exit code 2 where the data is not there."""
    parser = argparse.ArgumentParser(prog="python -m assistant.reader")
    commands = parser.add_subparsers(dest="command", required=True)
    train = commands.add_parser("train", help="train the reader and write its weights")
    train.add_argument("--data", type=Path, required=True, help="a folder with squad/, trecqa/, selqa/ and scifact/")
    train.add_argument("--state", type=Path, default=Path("training"), help="a folder for checkpoints")
    train.add_argument("--output", type=Path, default=WEIGHTS, help="the compressed weights")
    options = parser.parse_args()
    for name in NEEDED:
        if not (options.data / name).is_file():
            print(f"reader: {options.data / name} does not exist: pass --data with the data sets", file=sys.stderr)
            return 2
    _train(options.data, options.state, options.output)
    print(f"{options.output}: {options.output.stat().st_size / 1e6:.1f} MB")
    return 0


def _train(data: Path, state: Path, output: Path) -> None:
    import torch
    from safetensors.numpy import load_file

    from assistant.reader.contrasts import second_course
    from assistant.reader.examples import first_course
    from assistant.reader.training import FIRST, SECOND, train
    from assistant.reader.weights import compress, expand
    from vectorstore.minilm import model_directory

    state.mkdir(parents=True, exist_ok=True)
    model = model_directory()
    base = load_file(model / "model.safetensors")

    def store(trained: Path, target: Path) -> None:
        weights = torch.load(trained, weights_only=True)
        compress(
            {name: weights[name].float().numpy() for name in weights if not name.startswith(UNTRAINED)}, base, target
        )

    first, second = state / "first.pt", state / "second.pt"
    between = state / "first.safetensors"
    if not between.exists():
        if not first.exists():
            examples = first_course(data / "squad", **FIRST_COURSE, seed=SEED)
            train([[example] for example in examples], FIRST, first, model, seed=SEED)
        store(first, between)
    if not second.exists():
        start = {name: torch.from_numpy(value) for name, value in expand(between, base).items()}
        units = second_course(data, **SECOND_COURSE, seed=SEED)
        train(units, SECOND, second, model, start=start, seed=SEED)
    store(second, output)


if __name__ == "__main__":
    sys.exit(main())
