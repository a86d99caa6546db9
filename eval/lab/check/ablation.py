"""What each part of the check is worth: `python -m eval.lab.check.ablation --data FOLDER [--articles N] [--each N]
[--begin FILE.tsv] [--fm2 FILE.jsonl] [--sample N] [--only WORDS]`.

FOLDER holds SQuAD's `train-v1.1.json`. The checker as it is, then with one comparison or signal off at a time, on the
generated claims for fitting and the tuning part of the claims by hand, and, where they are given, on claims of people:
BEGIN's responses and Fool Me Twice.
But: nothing is fitted again without the part, and the reader's head has learned from Fool Me Twice.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields, replace
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Protocol

from assistant.check.checker import Checker
from assistant.check.texts import Texts
from assistant.check.typed.comparing import RULES
from assistant.check.types import Verdict
from assistant.check.verdict import load_verdicts
from assistant.reader.runtime import Reader, load_reader
from assistant.types import Source
from eval.bench.claims.checking import is_supported, weakest
from eval.bench.claims.sets import ClaimSet, TextClaim, begin, fool_me_twice
from eval.bench.options import Options
from eval.bench.table import Row, Table, rendered
from eval.lab.ablation import without
from eval.lab.check.figures import FALSE_FLAGS
from eval.lab.check.fit import add_data, tell
from eval.lab.check.signals import Labelled, Measured, check_of, is_misplaced, labelled
from eval.statistics import Figure, mean_figure
from vectorstore.embedding.embedder import available_cpus
from vectorstore.errors import AttestError


class Make(Protocol):
    """Makes a checker of a source."""

    def __call__(self, index: Source, *, reader: Reader) -> Checker: ...


SIGNALS = {
    "the network's head": ("supports", "contradicts"),
    "words held": ("precision",),
    "the words held worst": ("weakest", "second"),
    "words apart": ("apart",),
}
"""Signals that are left out together, by what they are."""


@dataclass(frozen=True, slots=True)
class Found:
    """A claim after its check: where it is from, what it is, whether a reader is warned, its support, and whether the
    check says that the source says otherwise."""

    source: str
    label: Verdict
    flagged: bool
    support: float
    contradicted: bool = False

    @property
    def faithful(self) -> bool:
        return self.label == "supported"


def parts(only: str = "") -> Iterator[tuple[str, Make]]:
    """The checker as it is, and without each part, by the name of the part, where that holds `only`."""
    yield "as it is", Checker
    for name, make in (*_without_rules(), *_without_signals()):
        if only in name:
            yield name, make


def _without_rules() -> Iterator[tuple[str, Make]]:
    for kind in fields(RULES):
        rules = getattr(RULES, kind.name)
        for rule in rules:
            less = replace(RULES, **{kind.name: tuple(one for one in rules if one is not rule)})
            name = rule.__name__.removeprefix("compare_").replace("_", " ")
            yield f"the comparison of {name}", partial(Checker, rules=less)


def _without_signals() -> Iterator[tuple[str, Make]]:
    shipped = load_verdicts()
    for name, left_out in SIGNALS.items():
        less = replace(
            shipped,
            supported=without(shipped.supported, *left_out),
            contradicted=without(shipped.contradicted, *left_out),
        )
        yield f"the signal: {name}", partial(Checker, verdicts=less)


def checked(
    made: Sequence[tuple[str, Make]], source: Source, claims: Sequence[Labelled], reader: Reader
) -> Iterator[tuple[str, Found]]:
    """Each claim, checked by each checker, with the checker's name."""
    for name, make in made:
        checker = make(source, reader=reader)
        for one in claims:
            check = check_of(checker, one)
            misplaced = is_misplaced(check)
            flagged = misplaced or not is_supported(check)
            support = 0.0 if misplaced else weakest(check)
            yield name, Found(one.known.source, one.known.label, flagged, support, check.verdict == "contradicted")


def of_people(held: ClaimSet, claims: Iterable[TextClaim]) -> Iterator[tuple[Source, list[Labelled]]]:
    """Claims with their texts, those that share them together."""
    for names, some in groupby(sorted(claims, key=lambda claim: claim.texts), key=lambda claim: claim.texts):
        yield (
            Texts([(held.titles.get(name, ""), held.texts[name]) for name in names]),
            [
                Labelled(
                    one.claim,
                    None,
                    Measured(one.cluster, "", "", "supported" if one.supported else "not found", "fitting", False, []),
                )
                for one in some
            ],
        )


def table(title: str, found: Iterable[tuple[str, Found]]) -> Table:
    """What each checker finds of a set."""
    by: dict[str, list[Found]] = {}
    for name, one in found:
        by.setdefault(name, []).append(one)
    first = next(iter(by.values()), [])
    errors = sum(not one.faithful for one in first)
    return Table(
        f"{title}: {errors:,} errors, {len(first) - errors:,} faithful",
        (
            f"errors flagged, at {FALSE_FLAGS:.0%} of the faithful",
            "errors flagged, as shipped",
            "faithful flagged, as shipped",
            "of the contradicted, called so",
        ),
        tuple(
            Row(f"without {name}" if n else name, _shares(some), len(some)) for n, (name, some) in enumerate(by.items())
        ),
    )


def _shares(found: Sequence[Found]) -> tuple[Figure, ...]:
    errors, faithful = ([one for one in found if one.faithful is side] for side in (False, True))
    sure = sorted(one.support for one in faithful)
    least = sure[int(FALSE_FLAGS * len(sure))] if sure else 0.5
    return (
        _share(errors, lambda one: one.support < least),
        _share(errors, lambda one: one.flagged),
        _share(faithful, lambda one: one.flagged),
        _share([one for one in errors if one.label == "contradicted"], lambda one: one.contradicted),
    )


def _share(found: Sequence[Found], holds: Callable[[Found], bool]) -> Figure:
    return mean_figure([float(holds(one)) for one in found], [one.source for one in found])


def ablate(options: argparse.Namespace) -> Iterator[Table]:
    """One table a set. Raises UsageError for data in another form."""
    made, reader = list(parts(options.only)), load_reader(remembered=None)
    generated: list[tuple[str, Found]] = []
    own: list[tuple[str, Found]] = []
    several = labelled(
        options.data, most=options.articles, each=options.each, seed=options.seed, use="fitting", progress=tell
    )
    for index, claims in several:
        for_fitting = [one for one in claims if one.known.use != "sealed" and not one.known.held_out]
        by_hand = [one for one in for_fitting if one.known.source == "by hand"]
        generated += checked(made, index, [one for one in for_fitting if one not in by_hand], reader)
        own += checked(made, index, by_hand, reader)
    yield table("Generated claims for fitting", generated)
    yield table(
        "Claims by hand, tuning part", [(name, replace(one, source=str(n))) for n, (name, one) in enumerate(own)]
    )
    for title, read, file in (("BEGIN", begin, options.begin), ("Fool Me Twice", fool_me_twice, options.fm2)):
        if file is not None:
            yield _of_people(title, read(file), made, reader, options)


def _of_people(
    title: str, held: ClaimSet, made: Sequence[tuple[str, Make]], reader: Reader, options: argparse.Namespace
) -> Table:
    drawn = Options(options.sample, options.seed, tell).draw(held.claims)
    several = list(of_people(held, drawn))
    with ThreadPoolExecutor(available_cpus()) as pool:
        found = pool.map(lambda some: list(checked(made, some[0], some[1], reader)), several)
        return table(title, [one for some in found for one in some])


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.lab.check.ablation", description="What each part of the check is worth."
    )
    add_data(parser)
    parser.add_argument("--begin", type=Path, metavar="FILE", help="a file of BEGIN's second version, too")
    parser.add_argument("--fm2", type=Path, metavar="FILE", help="claims of Fool Me Twice, too")
    parser.add_argument("--sample", type=int, default=200, help="how many claims of people, of each set")
    parser.add_argument("--only", default="", metavar="WORDS", help="rows whose name holds these words")
    options = parser.parse_args(arguments)
    try:
        if options.data is None:
            raise AttestError("name the data with --data")
        for one in ablate(options):
            print(rendered([one]))
    except AttestError as error:
        print(f"ablation: {error}", file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
