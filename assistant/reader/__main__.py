"""The reader's command: `python -m assistant.reader train --data FOLDER` teaches it, checkpointed and resumable, and
writes `reader.safetensors.xz`; a run that was stopped goes on where it was.

But: what it learns from is in `lessons`, how in `teaching`.
"""

from __future__ import annotations

import argparse
import random
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.reader.runtime import WEIGHTS
from vectorstore.disk.packaged import write_note
from vectorstore.errors import AttestError

if TYPE_CHECKING:
    from assistant.reader.lessons.arrays import Encoded

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
    "more/EXCLUDE.tsv",
)
SEED = 13
SQUAD = {"rivals": 62_000, "near_misses": 37_000, "follow_ups": 6_000}
CLAIMS_MADE = 14_000
"""How many units of each sort."""
STEPS = 1084


def main() -> int:
    """Exit code 2 where the data is not there."""
    parser = argparse.ArgumentParser(prog="python -m assistant.reader")
    commands = parser.add_subparsers(dest="command", required=True)
    train = commands.add_parser("train", help="teach the reader and write its weights")
    train.add_argument("--data", type=Path, required=True, help=f"a folder with {', '.join(NEEDED)} and the like")
    train.add_argument("--state", type=Path, default=Path("training"), help="a folder for checkpoints")
    train.add_argument("--output", type=Path, default=WEIGHTS, help="the compressed weights")
    train.add_argument("--steps", type=int, default=STEPS, help="steps of the course, of 320 lessons each")
    options = parser.parse_args()
    for name in NEEDED:
        if not (options.data / name).is_file():
            print(f"reader: {options.data / name} does not exist: pass --data with the data sets", file=sys.stderr)
            return 2
    try:
        _train(options.data, options.state, options.output, options.steps)
    except AttestError as error:
        print(f"reader: {error}", file=sys.stderr)
        return error.exit_code
    write_note(options.output)
    print(f"{options.output}: {options.output.stat().st_size / 1e6:.1f} MB")
    return 0


def _train(data: Path, state: Path, output: Path, steps: int) -> None:
    import torch

    from assistant.reader.base import base_weights
    from assistant.reader.lessons.arrays import Encoded
    from assistant.reader.mpnet import ReaderNetwork
    from assistant.reader.teaching import Course, teach
    from assistant.reader.weights import compress

    state.mkdir(parents=True, exist_ok=True)
    lessons = state / "lessons.npz"
    if not lessons.exists():
        part = lessons.with_name("part.npz")
        encoded(data).save(part)
        part.replace(lessons)
    base = base_weights()
    network = ReaderNetwork()
    network.load_published({name: torch.from_numpy(value) for name, value in base.items()})
    network.to(torch.device("cuda" if torch.cuda.is_available() else "cpu"))
    teach(network, Encoded.load(lessons), Course(steps), seed=SEED, checkpoint=state / "reader.checkpoint")
    compress({name: value.float().cpu().numpy() for name, value in network.state_dict().items()}, base, output)


def encoded(data: Path) -> Encoded:
    """All lessons, as arrays."""
    from tokenizers import Tokenizer

    from assistant.reader.base import base_file
    from assistant.reader.lessons.claims import claim_lessons
    from assistant.reader.lessons.encoded import encode
    from assistant.reader.lessons.leaning import leaning_lessons
    from assistant.reader.lessons.published import published_lessons
    from assistant.reader.lessons.squad import squad_lessons

    rng = random.Random(SEED)
    units = squad_lessons(data / "squad", **SQUAD, rng=rng)
    units += published_lessons(data, rng)
    units += claim_lessons(data, made=CLAIMS_MADE, rng=rng)
    units += leaning_lessons(data, rng)
    units.sort(key=lambda unit: (unit[0].article, unit[0].text))
    tokenizer = Tokenizer.from_str(base_file("tokenizer.json").decode("utf-8"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return encode(units, tokenizer)


if __name__ == "__main__":
    sys.exit(main())
