"""Fits `assistant/check/verdict.json`: `python -m eval.lab.fit_check --data FOLDER [--kept FILE]`.

FOLDER holds SQuAD's `train-v1.1.json`. On the articles for fitting, without the kinds that are held out, and on the
tuning part of the claims by hand, which count three times. Of a claim the group of windows counts that supports it
best, which is found by fitting in rounds; every kind of error counts the same, errors and faithful claims the same. A
finding may only speak against a claim, words held only for it; a weight stays near that of PRIOR where few claims speak
to it. The threshold: the highest that flags at most 5 % of the faithful claims it is chosen on.
But: nothing here looks at the sealed part.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from assistant.calibration import Logistic
from assistant.check.signals import COUNTED, SIGNALS
from assistant.check.verdict import FILE, Verdicts, load_verdicts
from eval.lab.check_signals import Measured, kept, measure
from eval.lab.fitting import signed_logistic
from vectorstore.disk.packaged import write_note
from vectorstore.errors import AttestError

ROUNDS = 4
BY_HAND = 3.0
FALSE_FLAGS = 0.05
PRIOR = {
    **{name: -1.0 for name in COUNTED},
    **{
        f"{kind} differs": -8.0
        for kind in (
            *("quotation", "number", "date", "name", "polarity", "roles", "speaker"),
            *("quantity", "hedge", "cause"),
        )
    },
    "supports": 0.8,
    "precision": 4.0,
    "weakest": 2.0,
    "verbatim": 2.0,
}
"""Weights that a fit stays near where few claims speak to it."""
AGAINST = {name: 1 for name in ("supports", "precision", "weakest", "second", "named", "verbatim")} | {
    name: -1 for name in ("contradicts", *COUNTED)
}
"""The sign that a weight of the first model may have; of the second, findings that differ may only speak for it."""
CONTRADICTING = ("contradicts", "supports", "precision", *(name for name in COUNTED if name.endswith("differs")))


def fit(claims: Sequence[Measured], first: Verdicts) -> Verdicts:
    """The verdicts fitted on the claims that are for fitting; `first`: those to begin with."""
    used = [c for c in claims if c.use == "fitting" and not c.held_out and c.error != "citation" and c.groups]
    verdicts = first
    for _ in range(ROUNDS):
        verdicts = _round(used, verdicts)
    chosen = threshold([c for c in claims if c.use == "fitting" and c.faithful and not c.held_out], verdicts)
    return Verdicts(verdicts.supported, verdicts.contradicted, chosen, 0.5)


def _round(used: Sequence[Measured], before: Verdicts) -> Verdicts:
    rows = [max(claim.groups, key=before.support) for claim in used]
    labels = [claim.faithful for claim in used]
    supported = _model(SIGNALS, rows, labels, _counts(used), AGAINST, PRIOR)
    errors = [claim for claim in used if not claim.faithful]
    against = [max(claim.groups, key=before.contradiction) for claim in errors]
    signs = {name: 1 for name in CONTRADICTING} | {"supports": 0}
    labels = [error.label == "contradicted" for error in errors]
    turned = {name: -PRIOR[name] for name in COUNTED if name in CONTRADICTING} | {"contradicts": 0.8}
    contradicted = _model(CONTRADICTING, against, labels, _counts(errors), signs, turned)
    return Verdicts(supported, contradicted, before.supported_from, before.contradicted_from)


def _model(
    names: Sequence[str],
    rows: Sequence[dict[str, float]],
    labels: Sequence[bool],
    counts: Sequence[float],
    signs: dict[str, int],
    prior: dict[str, float],
) -> Logistic:
    table = np.array([[row[name] for name in names] for row in rows])
    return signed_logistic(table, labels, names, counts, signs=signs, prior=prior)


def _counts(claims: Sequence[Measured]) -> list[float]:
    """What each claim counts: every kind the same within errors and within faithful claims, both sides the same."""
    sizes: Counter[tuple[bool, str]] = Counter()
    for claim in claims:
        sizes[claim.faithful, claim.kind] += 1
    kinds = Counter(faithful for faithful, _ in sizes)
    out = []
    for claim in claims:
        share = (len(claims) / 2) / kinds[claim.faithful] / sizes[claim.faithful, claim.kind]
        out.append(share * (BY_HAND if claim.source == "by hand" else 1.0))
    return out


def threshold(faithful: Sequence[Measured], verdicts: Verdicts) -> float:
    """The highest probability from which at most FALSE_FLAGS of the faithful claims are flagged."""
    sure = sorted(claim.support(verdicts) for claim in faithful)
    return round(max(0.02, min(0.98, sure[int(FALSE_FLAGS * len(sure))] - 0.0001)), 4) if sure else 0.5


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
        prog="python -m eval.lab.fit_check", description="Fit assistant/check/verdict.json."
    )
    add_options(parser)
    parser.add_argument("--output", type=Path, default=FILE)
    options = parser.parse_args(arguments)
    try:
        claims = claims_from(options)
        verdicts = fit(claims, load_verdicts())
    except AttestError as error:
        print(f"fit_check: {error}", file=sys.stderr)
        return error.exit_code
    options.output.write_bytes(as_json(verdicts, claims).encode("utf-8"))
    write_note(options.output)
    return 0


def add_options(parser: argparse.ArgumentParser) -> None:
    """What both commands are told."""
    parser.add_argument("--data", type=Path, help="a folder with SQuAD's train-v1.1.json")
    parser.add_argument("--kept", type=Path, help="a file that what is measured is kept in, and read from")
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
        progress=lambda done, total: print(f"measured {done}/{total}", file=sys.stderr),
    )
    return kept(options.kept, found) if options.kept else list(found)


if __name__ == "__main__":
    sys.exit(main())
