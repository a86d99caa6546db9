"""The reader's commands.

    python -m assistant.reader train --data FOLDER    teaches it, checkpointed and resumable, and writes
                                                      `reader.safetensors.gz`; a run that was stopped goes on
    python -m assistant.reader trial --data FOLDER    prints its figures on articles that it did not learn from

But: what it learns from is in `lessons`, how in `teaching`.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from vectorstore.disk.packaged import write_note
from vectorstore.embedding.encoder import WEIGHTS
from vectorstore.errors import AttestError

if TYPE_CHECKING:
    from assistant.reader.lessons.arrays import Encoded
    from assistant.reader.lessons.lesson import Unit

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
    "more/breaking-nli/dataset.jsonl",
    "more/cast",
    "more/check-covid/corpus.json",
    "more/check-covid/covidCheck_train_composed+extracted.json",
    "more/condaqa",
    "more/conjnli",
    "more/fairytaleqa/questions",
    "more/fairytaleqa/section-stories",
    "more/fever-symmetric",
    "more/followup/train.tsv",
    "more/followup/test.tsv",
    "more/gecor/CamRest676_annotated.json",
    "more/ikat",
    "more/multispanqa/valid.json",
    "more/pubmedqa/ori_pqal.json",
    "more/qmsum",
    "more/summedits",
    "more/wice-train/non_supported_tokens-train.jsonl",
)
"""What the folder of data has to hold: files, and folders of files."""
SEED = 13
TRIAL = {"answerable": 900, "near_misses": 700}
RANKED = 110
"""How many questions a trial asks, and how many of all windows of their article."""
KEPT_SEED, KEPT_BATCH, KEPT_BATCHES = 13, 96, 60
"""What the codes begin from: the main components of the states in these batches."""
SQUAD = {"rivals": 62_000, "near_misses": 37_000, "follow_ups": 6_000}
CLAIMS_MADE = 14_000
FURTHER = {"statements": 30_000, "reworded": 16_000, "tables": 9_000, "turned": 5_000}
"""How many units of each sort; those of FURTHER are learned in the last course alone."""
TOGETHER = (1084, 1e-4, 13)
"""Steps (of 320 lessons), learning rate and seed of the course of the network that reads together from the first word
on; it teaches the other."""
APART_COURSES = ((1437, 1e-4, 113), (1717, 7e-5, 213))
"""Those of the network whose lower layers read apart, which begins with the weights of the first."""
LAST = (1406, 6e-5, 313)
SUPPORT_LAST = 1.0
"""Its last course, which learns the further lessons too, and what claims count in it. What is written is the mean of
the weights before and after it (Wortsman et al. 2022, WiSE-FT): as good as those after it at what it taught, and no
worse than those before it at the rest."""


def main() -> int:
    """Exit code 2 where the data is not there."""
    parser = argparse.ArgumentParser(prog="python -m assistant.reader")
    commands = parser.add_subparsers(dest="command", required=True)
    train = commands.add_parser("train", help="teach the reader and write its weights")
    train.add_argument("--data", type=Path, required=True, help="a folder with the data sets")
    train.add_argument("--state", type=Path, default=Path("training"), help="a folder for checkpoints")
    train.add_argument("--output", type=Path, default=WEIGHTS, help="the compressed weights")
    train.add_argument("--part", type=float, default=1.0, help="what part of the steps of each course is taken")
    trial = commands.add_parser("trial", help="print the reader's figures on articles that it did not learn from")
    trial.add_argument("--data", type=Path, required=True, help="a folder with the data sets")
    trial.add_argument("--weights", type=Path, default=WEIGHTS, help="the compressed weights")
    trial.add_argument("--part", type=float, default=1.0, help="what part of the questions is asked")
    options = parser.parse_args()
    for name in NEEDED if options.command == "train" else NEEDED[:2]:
        if not (options.data / name).exists():
            print(f"reader: {options.data / name} does not exist: pass --data with the data sets", file=sys.stderr)
            return 2
    try:
        if options.command == "train":
            _train(options.data, options.state, options.output, options.part)
        else:
            _trial(options.data, options.weights, options.part)
    except AttestError as error:
        print(f"reader: {error}", file=sys.stderr)
        return error.exit_code
    return 0


def _train(data: Path, state: Path, output: Path, part: float) -> None:
    import torch

    from assistant.reader.teaching import Course, Weights, keep_most, teach
    from vectorstore.embedding.network.base import base_weights
    from vectorstore.embedding.network.mpnet import APART, ReaderNetwork
    from vectorstore.embedding.network.weights import compress

    state.mkdir(parents=True, exist_ok=True)
    learned = _once(state / "lessons.npz", lambda: encoded(data))
    more = learned.and_then(_once(state / "further.npz", lambda: further(data)))
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")

    def course(steps: int, rate: float) -> Course:
        return Course(max(1, round(steps * part)), rate)

    base = base_weights()
    together = ReaderNetwork()
    together.load_published({name: torch.from_numpy(value) for name, value in base.items()})
    steps, rate, seed = TOGETHER
    teach(together.to(device), learned, course(steps, rate), seed=seed, checkpoint=state / "together.checkpoint")
    network = ReaderNetwork(APART)
    network.load_state_dict(together.state_dict(), strict=False)
    network.to(device)
    keep_most(network, learned, device, KEPT_SEED, KEPT_BATCH, KEPT_BATCHES)
    for number, (steps, rate, seed) in enumerate(APART_COURSES, 1):
        checkpoint = state / f"apart-{number}.checkpoint"
        teach(network, learned, course(steps, rate), seed=seed, checkpoint=checkpoint, teacher=together)
    steps, rate, seed = LAST
    last = replace(course(steps, rate), weights=Weights(support=SUPPORT_LAST))
    before = {name: value.clone() for name, value in network.state_dict().items()}
    teach(network, more, last, seed=seed, checkpoint=state / "last.checkpoint", teacher=together)
    mean = {name: (before[name] + value).float().cpu().numpy() / 2 for name, value in network.state_dict().items()}
    compress(mean, base, output)
    write_note(output)
    print(f"{output}: {output.stat().st_size / 1e6:.1f} MB")


def _once(path: Path, make: Callable[[], Encoded]) -> Encoded:
    """What `make` gives, made once and kept at `path`."""
    from assistant.reader.lessons.arrays import Encoded

    if not path.exists():
        unfinished = path.with_name(f"part-{path.name}")
        make().save(unfinished)
        unfinished.replace(path)
    return Encoded.load(path)


def _trial(data: Path, weights: Path, part: float) -> None:
    from assistant.reader.lessons.held_out import held_out_questions, held_out_rows, held_out_windows
    from assistant.reader.trial import figures
    from vectorstore.embedding.network.export_onnx import shipped_network

    rng = random.Random(SEED)
    questions = held_out_questions(
        data / "squad", **{name: round(most * part) for name, most in TRIAL.items()}, rng=rng
    )
    rows = held_out_rows(data / "squad")
    rng.shuffle(rows)
    ranked = held_out_windows(rows, round(RANKED * part))
    found = figures(shipped_network(weights), _arrays(questions), _arrays(ranked))
    print(f"{len(questions)} questions; {len(ranked)} questions with {sum(map(len, ranked))} windows of their articles")
    for name, value in found.items():
        print(f"{name:16}{value:.4f}")


def _arrays(units: list[Unit]) -> Encoded:
    from tokenizers import Tokenizer

    from assistant.reader.lessons.encoded import encode
    from vectorstore.embedding.network.base import base_file

    tokenizer = Tokenizer.from_str(base_file("tokenizer.json").decode("utf-8"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return encode(units, tokenizer)


def encoded(data: Path) -> Encoded:
    """The lessons of the first courses, as arrays."""
    from assistant.reader.lessons.claims import claim_lessons
    from assistant.reader.lessons.leaning import leaning_lessons
    from assistant.reader.lessons.published import published_lessons
    from assistant.reader.lessons.squad import squad_lessons

    rng = random.Random(SEED)
    units = squad_lessons(data / "squad", **SQUAD, rng=rng)
    units += published_lessons(data, rng)
    units += claim_lessons(data, made=CLAIMS_MADE, rng=rng)
    units += leaning_lessons(data, rng)
    units.sort(key=lambda unit: (unit[0].article, unit[0].text))
    return _arrays(units)


def further(data: Path) -> Encoded:
    """The lessons that the last course learns besides, as arrays."""
    from assistant.reader.lessons.rewording import reworded_lessons
    from assistant.reader.lessons.squad import turned_lessons
    from assistant.reader.lessons.statements import statement_lessons
    from assistant.reader.lessons.tables import table_lessons

    rng = random.Random(SEED)
    articles = data / "squad" / "train-v1.1.json"
    units = statement_lessons(articles, FURTHER["statements"], rng)
    units += reworded_lessons(articles, FURTHER["reworded"], rng)
    units += table_lessons(FURTHER["tables"], rng)
    units += turned_lessons(articles, FURTHER["turned"], rng)
    units.sort(key=lambda unit: (unit[0].article, unit[0].text))
    return _arrays(units)


if __name__ == "__main__":
    sys.exit(main())
