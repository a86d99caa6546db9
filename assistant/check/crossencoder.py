"""Another model in the place of the reader's head on claims: any sentence-transformers CrossEncoder that was trained
for entailment, by its name or folder; never with code of its own.

    Checker(index, judge=load_judge("cross-encoder/nli-deberta-v3-small"))

But: only what the head would say is replaced; the words, the comparisons and the quotations are judged as ever.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.check.checker import Checker
from assistant.check.signals import Entailed
from vectorstore.embedding.derived import install_libraries
from vectorstore.embedding.hub import look_for
from vectorstore.errors import AttestError

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

    from assistant.reader.runtime import Reader
    from assistant.settings import Settings
    from assistant.types import Source

LEAST = 0.02
"""The least that a probability counts as, so that one sure model does not outvote all comparisons."""
BATCH = 16


class CrossEncoderJudge:
    """An entailment model. `name`: as it was asked for."""

    def __init__(self, model: CrossEncoder, name: str, labels: Sequence[str]) -> None:
        self.name = name
        self._model = model
        self._supported = _label(labels, "entail", "support")
        self._contradicted = _label(labels, "contradict", "refut")

    def entailed(self, pairs: Sequence[tuple[str, str]]) -> list[Entailed]:
        """For each (claim, words of the source) what the model says, as log-probabilities: that these support the
        claim, contradict it, or do neither. A model that knows no contradiction says that half of the rest is one."""
        if not pairs:
            return []
        given = [(text, claim) for claim, text in pairs]  # the premise comes first
        rows = self._model.predict(given, batch_size=BATCH, apply_softmax=True, show_progress_bar=False)
        return [self._read(np.asarray(row, dtype=np.float64)) for row in rows]

    def _read(self, row: np.ndarray[Any, np.dtype[np.float64]]) -> Entailed:
        supported = float(row[self._supported or 0])
        against = (1 - supported) / 2 if self._contradicted is None else float(row[self._contradicted])
        three = [max(LEAST, share) for share in (supported, against, 1 - supported - against)]
        said = [round(math.log(share / sum(three)), 5) for share in three]
        return said[0], said[1], said[2]


def load_judge(name: str) -> CrossEncoderJudge:
    """The model at a path or of a hub name. Raises AttestError where there is none that loads without code of its own,
    where its labels do not say which of them is entailment, and where a library is missing that runs it."""
    try:
        import transformers
        from sentence_transformers import CrossEncoder
    except ImportError as error:
        raise AttestError(f"The checker {name!r} cannot be run ({error}). {install_libraries()}") from error

    quiet: Any = transformers.utils.logging
    quiet.disable_progress_bar()
    advice = (
        "Name a sentence-transformers CrossEncoder for entailment that is on this machine or can be downloaded, or "
        "leave --checker out."
    )
    try:
        look_for(name)
        model = CrossEncoder(name, trust_remote_code=False, device="cpu")
        by_number: Mapping[int, str] = getattr(model.config, "id2label", None) or {}
    except Exception as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise AttestError(f"The checker {name!r} cannot be loaded ({reason}). {advice}") from error
    labels = [str(by_number[number]) for number in sorted(by_number)]
    if len(labels) < 2 or _label(labels, "entail", "support") is None:
        told = ", ".join(labels[:5]) or "none"
        raise AttestError(f"The checker {name!r} does not say which of its labels ({told}) is entailment. {advice}")
    return CrossEncoderJudge(model, name, labels)


def checker_for(index: Source, settings: Settings, reader: Reader | None = None) -> Checker:
    """The checker that the settings ask for. Raises AttestError as `load_judge`."""
    return Checker(index, reader=reader, judge=load_judge(settings.checker) if settings.checker else None)


def _label(labels: Sequence[str], *beginnings: str) -> int | None:
    """The number of the label that begins so: "entailment", not "not_entailment"."""
    return next((n for n, label in enumerate(labels) if label.strip().lower().startswith(beginnings)), None)
