"""The reader's commands: `python -m assistant.reader train --data FOLDER` trains it, checkpointed and resumable, and
writes `reader.safetensors`; a run that was stopped goes on where it was."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from assistant.reader.runtime import WEIGHTS


def main() -> int:
    """Exit code 2 where the data is not there."""
    parser = argparse.ArgumentParser(prog="python -m assistant.reader")
    commands = parser.add_subparsers(dest="command", required=True)
    train = commands.add_parser("train", help="train the reader and write its weights")
    train.add_argument("--data", type=Path, required=True, help="a folder with SQuAD's training files")
    train.add_argument(
        "--state", type=Path, default=Path("reader.pt"), help="the full weights; the checkpoint is beside"
    )
    train.add_argument("--output", type=Path, default=WEIGHTS, help="the compressed weights")
    train.add_argument("--answerable", type=int, default=42_000)
    train.add_argument("--negatives", type=int, default=18_000)
    train.add_argument("--near-misses", type=int, default=9_000)
    train.add_argument("--seed", type=int, default=13)
    options = parser.parse_args()
    for name in ("train-v1.1.json", "train-unanswerable.json"):
        if not (options.data / name).is_file():
            print(f"reader: {options.data / name} does not exist: pass --data with SQuAD's files", file=sys.stderr)
            return 2
    import torch
    from safetensors.numpy import load_file

    from assistant.reader.training import train as train_reader
    from assistant.reader.weights import compress
    from vectorstore.minilm import model_directory

    if not options.state.exists():
        train_reader(
            options.data,
            options.state,
            model_directory(),
            answerable=options.answerable,
            negatives=options.negatives,
            near_misses=options.near_misses,
            seed=options.seed,
        )
    state = torch.load(options.state, weights_only=True)
    trained = {k: v.float().numpy() for k, v in state.items() if not k.startswith(("trunk.embeddings", "trunk.pooler"))}
    compress(trained, load_file(model_directory() / "model.safetensors"), options.output)
    print(f"{options.output}: {options.output.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
