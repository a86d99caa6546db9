"""The threshold of answers from an index: the one that ships with attest, or one that `attest calibrate` fitted to the
index and that is kept with it, with what it promises.

A fitted one is used as long as attest decides as it did when it was fitted; else it is stale, which is said, and the
shipped one is used.
"""

from __future__ import annotations

import hashlib
import json
import shlex
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

from assistant import calibration as shipped
from assistant.calibration import Policy
from assistant.types import Threshold
from ingest.passages import SPLITTER_VERSION
from vectorstore.disk.packaged import published_sha256
from vectorstore.documents.notes import Notes
from vectorstore.embedding.embedder import Embedder
from vectorstore.embedding.encoder import networks
from vectorstore.types import Head

NOTE = "threshold"
"""Under this name a fitted threshold is kept with its index."""


class Keeps(Protocol):
    """What keeps a fitted threshold: an `Index`."""

    @property
    def directory(self) -> Path: ...
    @property
    def embedder(self) -> Embedder: ...
    @property
    def notes(self) -> Notes: ...
    def heads(self) -> list[Head]: ...


@dataclass(frozen=True, slots=True)
class Fitted:
    """A threshold that was fitted to an index, and what it promises: that a share of at most `risk` of the questions
    without an answer is answered, with the confidence `sure`, since of `questions` such questions `false` were.

    `made_with`: the parts of attest that decide a confidence, by name; `documents`: a digest of the texts."""

    threshold: float
    risk: float
    sure: float
    questions: int
    false: int
    set_name: str
    made_with: dict[str, str]
    documents: str

    @property
    def promise(self) -> str:
        """The promise as one sentence."""
        return (
            f"Of questions like those of {self.set_name} that the documents do not answer, at most "
            f"{percent(self.risk)} get an answer, with {percent(self.sure)} confidence."
        )


def percent(share: float) -> str:
    """A share in words: "5 %", "0.5 %"."""
    return f"{share * 100:.6g} %"


def made_with(index: Keeps) -> dict[str, str]:
    """What a confidence depends on besides question and text. Raises AttestError where a packaged file is damaged."""
    model = index.embedder.fingerprint
    return {
        "version of attest": version("attest"),
        "reader": " ".join(recipe.stem for recipe in networks()),
        "calibration": f"{published_sha256(shipped.FILE)[:16]} {_digest(repr(Policy()))}",
        "splitter": SPLITTER_VERSION,
        "model": f"{model.name} {model.weights_sha256[:16]}",
    }


def documents_digest(index: Keeps) -> str:
    """A digest of the texts of an index, whatever their order."""
    return _digest(" ".join(sorted(head.sha256 for head in index.heads())))


def keep_fitted(index: Keeps, fitted: Fitted | None) -> None:
    """Keeps a threshold with its index, for all answers from now on; None goes back to the one that ships with attest.
    Raises StorageError."""
    index.notes.write(NOTE, json.dumps(asdict(fitted), sort_keys=True) if fitted else None)


def kept_fitted(index: Keeps) -> Fitted | None:
    """The threshold kept with an index, whether it can be used or not; None where there is none, or it is in a form
    that this attest does not know."""
    try:
        return Fitted(**json.loads(index.notes.read(NOTE) or "null"))
    except (TypeError, ValueError):
        return None


def threshold_of(index: Keeps, otherwise: float) -> Threshold:
    """The threshold of answers from an index: the fitted one that is kept with it, or `otherwise`, the shipped one,
    where there is none, or it was fitted with other parts of attest."""
    if index.notes.read(NOTE) is None:
        return Threshold(otherwise)
    fitted = kept_fitted(index)
    to = shlex.quote(str(index.directory))
    again = (
        f"Fit it again: `attest calibrate SET.jsonl --accept --index {to}`; or go back to the shipped one: "
        f"`attest calibrate --remove --index {to}`."
    )
    now = made_with(index)
    other = [name for name, value in now.items() if fitted is None or fitted.made_with.get(name) != value]
    if fitted is None or other:
        why = f"was fitted with another {other[0]}" if fitted else "is in the form of another attest"
        stale = f"The threshold that is kept with this index is stale: it {why}."
        return Threshold(otherwise, remark=f"{stale} The shipped one, {otherwise:g}, is used. {again}")
    remark = ""
    if fitted.documents != documents_digest(index):
        remark = (
            f"The documents have changed since the threshold {fitted.threshold:g} was fitted to them: it is used, but "
            f"its promise was made for those before. {again}"
        )
    return Threshold(fitted.threshold, "fitted", fitted.promise, remark)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
