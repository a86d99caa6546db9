"""Fits `assistant/check/verdict.json`: `python -m eval.lab.check.fit --data FOLDER [--kept FILE]`.

FOLDER holds SQuAD's `train-v1.1.json`. On the articles for fitting, without the kinds that are held out, and on the
tuning part of the claims by hand. Of a claim the group of windows counts that supports it best. The weights of what the
windows hold, of the network and of words that stand apart are chosen from a few each: those that flag the most errors
where 5 and 10 % of the faithful claims are flagged, by hand and generated alike. What differs or is absent keeps its
weight: a few claims with a finding say less about it than what the finding is. The intercept: of
neither sort more than 5 % of the faithful claims are flagged.
But: nothing here looks at the sealed part.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.calibration import Logistic
from assistant.check.verdict import FILE, Verdicts, load_verdicts
from eval.lab.check.signals import Measured, kept, measure
from vectorstore.disk.packaged import write_note
from vectorstore.errors import AttestError, UsageError

FALSE_FLAGS = (0.05, 0.1)
SHIPPED_FALSE_FLAGS = 0.05
FINDINGS = {
    **{f"{kind} absent": -1.0 for kind in ("hedge", "cause", "quantity")},
    **{f"{kind} absent": -1.5 for kind in ("polarity", "speaker")},
    **{f"{kind} absent": -4.0 for kind in ("number", "date", "name", "words")},
    "quotation absent": -2.0,
    **{
        f"{kind} differs": -8.0
        for kind in (
            *("quotation", "number", "date", "name", "polarity", "roles", "speaker"),
            *("quantity", "hedge", "cause"),
        )
    },
}
"""Weights that stay: what differs weighs more than all that speaks for a claim, and no faithful claim for fitting had a
number or name that the source lacks."""
CHOICES = {
    "supports": (0.8, 0.6, 1.0),
    "precision": (2.0, 1.0, 3.0),
    "weakest": (2.0, 1.0, 3.0),
    "second": (0.5, 0.0, 1.0),
    "apart": (-4.0, 0.0, -3.0, -5.0, -6.0),
}
"""The weights that are chosen among; of two that find as much, to a part in a hundred, the earlier."""


@dataclass(frozen=True)
class _Pool:
    """The signals of some claims as one table, a row each group of windows. `firsts`: where the rows of each claim
    begin; `certain`: which claims the source holds word for word."""

    names: tuple[str, ...]
    rows: NDArray[np.float64]
    firsts: NDArray[np.int64]
    certain: NDArray[np.bool_]
    faithful: NDArray[np.bool_]

    @classmethod
    def of(cls, claims: Sequence[Measured], names: Sequence[str]) -> _Pool:
        nothing = [[0.0] * len(names)]
        tables = [[[group[n] for n in names] for group in claim.groups] or nothing for claim in claims]
        firsts = np.cumsum([0, *(len(table) for table in tables[:-1])])
        certain, faithful = [claim.certain for claim in claims], [claim.faithful for claim in claims]
        return cls(
            tuple(names),
            np.array([row for table in tables for row in table]),
            firsts,
            np.array(certain),
            np.array(faithful),
        )

    def scores(self, weights: Mapping[str, float]) -> NDArray[np.float64]:
        """Of each claim the score of the group that supports it best."""
        best = np.maximum.reduceat(self.rows @ np.array([weights[name] for name in self.names]), self.firsts)
        found: NDArray[np.float64] = np.where(self.certain, np.inf, best)
        return found

    def found(self, weights: Mapping[str, float]) -> float:
        """Which part of the errors is flagged where FALSE_FLAGS of the faithful claims are: the mean."""
        scores = self.scores(weights)
        sure = np.sort(scores[self.faithful])
        least = [sure[int(part * len(sure))] for part in FALSE_FLAGS]
        return float(np.mean([(scores[~self.faithful] < one).mean() for one in least]))


def fit(claims: Sequence[Measured], first: Verdicts) -> Verdicts:
    """The verdicts with the weights that find the most errors of the claims for fitting, by hand and generated alike;
    what says that a claim is contradicted stays as in `first`. Raises UsageError where one sort is missing."""
    used = [c for c in claims if c.use == "fitting" and not c.held_out and c.error != "citation"]
    by = [[c for c in used if (c.source == "by hand") is by_hand] for by_hand in (True, False)]
    if any(len({c.faithful for c in some}) < 2 for some in by):
        raise UsageError(
            "there are not both errors and faithful claims, by hand and generated: measure them with --data"
        )
    names = (*CHOICES, *FINDINGS)
    pools = [_Pool.of(some, names) for some in by]
    ways = [FINDINGS | dict(zip(CHOICES, way, strict=True)) for way in product(*CHOICES.values())]
    weights = max(ways, key=lambda way: round(sum(pool.found(way) for pool in pools), 2))
    sure = [np.sort(pool.scores(weights)[pool.faithful]) for pool in pools]
    least = min(float(one[int(SHIPPED_FALSE_FLAGS * len(one))]) for one in sure)
    supported = Logistic(names, tuple(weights[name] for name in names), round(0.001 - least, 3))
    return Verdicts(supported, first.contradicted, 0.5, first.contradicted_from)


def as_json(verdicts: Verdicts, claims: Sequence[Measured]) -> str:
    """The text of `verdict.json`."""
    fitted = [c for c in claims if c.use == "fitting" and not c.held_out]
    data = {
        name: {
            "weights": dict(zip(model.features, model.weights, strict=True)),
            "intercept": model.intercept,
            "from": least,
        }
        for name, model, least in (
            ("supported", verdicts.supported, verdicts.supported_from),
            ("contradicted", verdicts.contradicted, verdicts.contradicted_from),
        )
    }
    by = {"errors": sum(not c.faithful for c in fitted), "faithful": sum(c.faithful for c in fitted)}
    return json.dumps({**data, "fitted on": by}, indent=2) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure or read what was measured, fit, write `verdict.json`."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.lab.check.fit", description="Fit assistant/check/verdict.json."
    )
    add_options(parser)
    parser.add_argument("--output", type=Path, default=FILE)
    options = parser.parse_args(arguments)
    try:
        claims = claims_from(options)
        verdicts = fit(claims, load_verdicts())
    except AttestError as error:
        print(f"fit: {error}", file=sys.stderr)
        return error.exit_code
    options.output.write_bytes(as_json(verdicts, claims).encode("utf-8"))
    write_note(options.output)
    return 0


def add_options(parser: argparse.ArgumentParser) -> None:
    """What a command is told that measures, or reads what was measured."""
    add_data(parser)
    parser.add_argument("--kept", type=Path, help="a file that what is measured is kept in, and read from")


def add_data(parser: argparse.ArgumentParser) -> None:
    """What a command is told that measures."""
    parser.add_argument("--data", type=Path, help="a folder with SQuAD's train-v1.1.json")
    parser.add_argument("--articles", type=int, default=16, help="how many articles of SQuAD at most")
    parser.add_argument("--each", type=int, default=2, help="claims of a kind from an article")
    parser.add_argument("--seed", type=int, default=17)


def claims_from(options: argparse.Namespace) -> list[Measured]:
    """What was measured before, or is measured now. Raises UsageError where neither is possible."""
    if options.kept and options.kept.exists():
        return kept(options.kept)
    if options.data is None:
        raise AttestError("name the data with --data, or what was measured before with --kept")
    found = measure(
        options.data,
        most=options.articles,
        each=options.each,
        seed=options.seed,
        progress=tell,
    )
    return kept(options.kept, found) if options.kept else list(found)


def tell(done: int, of: int) -> None:
    """Says on standard error how far the measuring is."""
    print(f"measured {done}/{of}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
