"""`attest calibrate`: fits the threshold of "Not in the source." to somebody's own questions, with a promise, or says
why nothing can be promised."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ui.opening import open_index_with_documents
from ui.terminal.consoles import ProgressBar, complain, print_rows
from vectorstore.errors import UsageError

if TYPE_CHECKING:
    from assistant.engine import Asked
    from assistant.settings import Settings
    from assistant.types import Threshold
    from eval.cases import CaseSet
    from eval.judge import Article
    from eval.lab.thresholds import Calibrated, Counts
    from vectorstore.index import Index

_LABEL = 44


def calibrate(
    settings: Settings, path: Path, *, article: Path | None, risk: float, sure: float, accept: bool, as_json: bool
) -> int:
    """Prints the threshold before and after, what each does to the questions, and the promise; keeps the threshold with
    the index where it is accepted. Returns 1, and keeps nothing, where nothing can be promised.

    Raises UsageError for a set that cannot be used, and where the index does not hold the text of the set.
    """
    from assistant.abstention.fitted import keep_fitted, threshold_of
    from assistant.calibration import load_calibration
    from eval.cases import load_set
    from eval.lab.thresholds import calibrate

    case_set = load_set(path)
    with _opened(settings, case_set, article) as (index, text), ProgressBar() as bar:
        before = threshold_of(index, load_calibration().threshold)
        found = calibrate(
            case_set,
            text,
            index,
            settings,
            risk=risk,
            sure=sure,
            progress=lambda done, of: bar.show(done, of, "asking"),
        )
        beside = len(index.heads()) - 1
        if accept and found.fitted is not None:
            keep_fitted(index, found.fitted)
    if as_json:
        from assistant.wire import dumps

        ascii_only = sys.stdout.encoding.lower() not in ("utf-8", "utf8")
        print(dumps(_row(found, before, accept), indent=2, ascii_only=ascii_only))
    else:
        print_rows(_told(found, before, beside))
    if found.refusal:
        complain(found.refusal)
        return 1
    if not as_json:
        print_rows([_kept(settings, article, accept)])
    return 0


def remove_threshold(settings: Settings) -> int:
    """Takes the fitted threshold out of the index, if there is one."""
    from assistant.abstention.fitted import NOTE, keep_fitted
    from assistant.calibration import load_calibration

    with open_index_with_documents(settings, "attest calibrate") as index:
        had = index.notes.read(NOTE) is not None
        if had:
            keep_fitted(index, None)
    was = "the fitted threshold was removed" if had else "no threshold was fitted"
    print(f"{was}: {settings.index} answers from confidence {load_calibration().threshold:g} on (as shipped)")
    return 0


def check_flags(
    path: Path | None,
    *,
    article: Path | None,
    risk: float,
    sure: float,
    accept: bool,
    remove: bool,
    as_json: bool,
    index: str | None,
) -> None:
    """Refuses, before any work, what makes no sense. Raises UsageError."""
    if remove and (path is not None or article is not None or accept or as_json):
        raise UsageError("--remove goes alone, with --index DIR at most: attest calibrate --remove")
    if path is None and not remove:
        raise UsageError("no questions: attest calibrate SET.jsonl, or attest calibrate --remove")
    if article is not None and index is not None:
        raise UsageError("--article or --index: give one of them")
    if article is not None and accept:
        raise UsageError(
            "--accept keeps the threshold with an index: ingest the file, then give --index, not --article"
        )
    for name, value in (("--risk", risk), ("--sure", sure)):
        if not 0.001 <= value <= 0.999:
            raise UsageError(f"{name} is {value:g}: give a share from 0.001 to 0.999, such as 0.05 for one in twenty")


@contextmanager
def _opened(settings: Settings, case_set: CaseSet, article: Path | None) -> Iterator[tuple[Asked, Article]]:
    """The index that is asked, and the text of the set: of the file alone, or of the settings' index."""
    from eval.evaluate import assistant_for, find_article
    from eval.judge import read_article
    from vectorstore.embedding.models import load_embedder

    if article is not None:
        document = find_article(case_set, article)
        embedder = load_embedder(settings.model)
        text = read_article(document, embedder)
        with assistant_for(text, embedder, settings) as assistant:
            yield assistant.index, text
        return
    with open_index_with_documents(settings, "attest calibrate") as index:
        yield index, _text_of(case_set, index)


def _text_of(case_set: CaseSet, index: Index) -> Article:
    from eval.judge import read_article

    held = next((head.id for head in index.heads() if head.sha256 == case_set.article_sha256), None)
    if held is None:
        raise UsageError(
            f"the index {index.directory} does not hold the text that the set {case_set.name} is about (SHA-256 "
            f"{case_set.article_sha256[:12]}...): run `attest ingest FILE` on it first, or name its file with --article"
        )
    document = index.document(held)
    case_set.check_article(document, document.title)
    return read_article(document, index.embedder)


def _told(found: Calibrated, before: Threshold, beside: int) -> Iterator[str]:
    sealed = f"; {found.sealed} sealed cases were not asked" if found.sealed else ""
    yield f"independent questions without an answer: {found.questions}{sealed}"
    if beside:
        yield f"the index holds {beside} other documents: what they answer, is a false answer here, too"
    if found.before is None:
        return
    columns = [found.before] + ([found.after] if found.after is not None else [])
    yield ""
    yield f"{'threshold':{_LABEL}}" + "".join(f"{c.threshold:<20g}" for c in columns)
    names = [f"before, {before.origin}", "after"]
    yield " " * _LABEL + "".join(f"{name:<20}" for name, _ in zip(names, columns, strict=False))
    for label, field, of in _ROWS:
        yield f"{label:{_LABEL}}" + "".join(f"{_share(c, field, of):<20}" for c in columns)
    if found.fitted is not None:
        yield ""
        yield f"{found.fitted.promise} ({found.fitted.false} of {found.fitted.questions} independent ones did.)"
        yield "Whether an answer to a question that has one is wrong, is reported above and not promised."


_ROWS = (
    ("answered, where there is an answer", "answered", "with_answer"),
    ("answered rightly, where there is one", "right", "with_answer"),
    ("answered wrongly, where there is one", "wrong", "with_answer"),
    ("false answers, where there is none", "false", "without"),
)


def _share(counts: Counts, field: str, of: str) -> str:
    some, all_of = getattr(counts, field), getattr(counts, of)
    return f"{some / all_of:.2f} ({some} of {all_of})" if all_of else "none asked"


def _kept(settings: Settings, article: Path | None, accept: bool) -> str:
    if article is not None:
        return f"nothing is kept: ingest {article}, then give --index and --accept"
    if accept:
        return f"{settings.index} answers by this threshold from now on; attest calibrate --remove goes back"
    return "nothing is kept: run it again with --accept, and the answers of this index use the threshold"


def _row(found: Calibrated, before: Threshold, accept: bool) -> dict[str, Any]:
    """The result as plain JSON values; null where nothing can be promised."""
    return {
        "questions_without_answer": found.questions,
        "sealed_left_out": found.sealed,
        "before": None if found.before is None else {"source": before.source, **asdict(found.before)},
        "after": None if found.after is None else asdict(found.after),
        "promise": None if found.fitted is None else found.fitted.promise,
        "fitted": None if found.fitted is None else asdict(found.fitted),
        "kept": accept and found.fitted is not None,
        "refusal": found.refusal or None,
    }
