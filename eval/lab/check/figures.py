"""What the checker finds: `python -m eval.lab.check.figures --kept FILE` or `--data FOLDER`, as `eval.lab.check.fit`.

On the articles that nothing was fitted on: of each type of error the part that is flagged where 10 % of the faithful
claims are (a threshold of its own, so that checkers can be compared), and both at the shipped threshold. On the claims
by hand: both parts. Intervals are over articles, drawn as a whole; over claims for those by hand.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

from assistant.check.verdict import Verdicts, load_verdicts
from eval.bench.table import Row, Table, rendered
from eval.lab.check.fit import add_options, claims_from
from eval.lab.check.signals import Measured
from eval.statistics import Figure, mean_figure
from vectorstore.errors import AttestError

FALSE_FLAGS = 0.1


def figures(claims: Sequence[Measured], verdicts: Verdicts) -> list[Table]:
    """The tables."""
    measuring = [c for c in claims if c.use == "measuring"]
    faithful = [c for c in measuring if c.faithful]
    sure = sorted(c.support(verdicts) for c in faithful)
    least = sure[int(FALSE_FLAGS * len(sure))] if sure else 0.5
    return [
        Table(
            "Generated claims of articles that nothing was fitted on",
            (f"flagged, at {FALSE_FLAGS:.0%} of the faithful", "flagged, as shipped"),
            tuple(_rows(measuring, verdicts, least)),
            ('"held out": kinds that nothing was fitted on',),
        ),
        Table(
            "Claims by hand about the bundled article",
            ("flagged, as shipped",),
            tuple(_by_hand(claims, verdicts)),
            ("the tuning part was fitted on",),
        ),
        Table(
            "Kinds, generated",
            (f"flagged, at {FALSE_FLAGS:.0%} of the faithful", "flagged, as shipped"),
            tuple(
                _row(kind, [c for c in measuring if c.kind == kind], verdicts, least)
                for kind in dict.fromkeys(c.kind for c in measuring)
            ),
        ),
    ]


def _rows(claims: Sequence[Measured], verdicts: Verdicts, least: float) -> list[Row]:
    errors = [c for c in claims if not c.faithful]
    sorts: list[tuple[str, list[Measured]]] = [("all errors", errors)]
    sorts += [(error, [c for c in errors if c.error == error]) for error in sorted({c.error for c in errors})]
    sorts.append(("errors held out", [c for c in errors if c.held_out]))
    sorts.append(("faithful", [c for c in claims if c.faithful]))
    sorts.append(("faithful held out", [c for c in claims if c.faithful and c.held_out]))
    return [_row(name, some, verdicts, least) for name, some in sorts]


def _row(name: str, claims: Sequence[Measured], verdicts: Verdicts, least: float) -> Row:
    return Row(
        name,
        (_share(claims, lambda c: c.flagged(verdicts, least)), _share(claims, lambda c: c.flagged(verdicts))),
        len(claims),
    )


def _by_hand(claims: Sequence[Measured], verdicts: Verdicts) -> list[Row]:
    rows = []
    for use, name in (("fitting", "tuning"), ("sealed", "sealed")):
        own = [c for c in claims if c.source == "by hand" and c.use == use]
        for label, some in (
            ("errors", [c for c in own if not c.faithful]),
            ("faithful", [c for c in own if c.faithful]),
        ):
            rows.append(Row(f"{label}, {name}", (_share(some, lambda c: c.flagged(verdicts), single=True),), len(some)))
    return rows


def _share(claims: Sequence[Measured], flagged: Callable[[Measured], bool], *, single: bool = False) -> Figure:
    clusters = [str(n) if single else claim.source for n, claim in enumerate(claims)]
    return mean_figure([float(flagged(claim)) for claim in claims], clusters)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m eval.lab.check.figures", description="What the checker finds.")
    add_options(parser)
    options = parser.parse_args(arguments)
    try:
        claims = claims_from(options)
    except AttestError as error:
        print(f"figures: {error}", file=sys.stderr)
        return error.exit_code
    print(rendered(figures(claims, load_verdicts())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
