"""Another model of entailment in the place of the reader's head."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from assistant.check.checker import Checker
from assistant.check.crossencoder import load_judge
from assistant.check.texts import Texts
from assistant.reader.runtime import Reader, load_reader
from tests.assistant.check.cross_encoders import made_cross_encoder
from vectorstore.errors import AttestError

PIER = "The pier was opened in 1887 by Ada Reyes. Nobody was hurt when it burned down."
CLAIM = "Ada Reyes inaugurated the pier in 1887."


@pytest.fixture(scope="module")
def reader() -> Reader:
    return load_reader()


def test_the_labels_of_a_model_say_which_number_is_which(tmp_path: Path) -> None:
    said = {"neutral": 0.0, "Entailment": 2.0, "contradiction": 1.0}
    judge = load_judge(str(made_cross_encoder(tmp_path / "m", said)))
    ((supported, contradicted, neither),) = judge.entailed([("a claim", "a text")])
    assert supported - contradicted == pytest.approx(1, abs=1e-4)
    assert contradicted - neither == pytest.approx(1, abs=1e-4)
    assert judge.entailed([]) == []


def test_a_model_of_two_labels_is_sure_of_one_only(tmp_path: Path) -> None:
    judge = load_judge(str(made_cross_encoder(tmp_path / "m", {"not_entailment": 0.0, "entailment": 1.0})))
    ((supported, contradicted, neither),) = judge.entailed([("a claim", "a text")])
    assert contradicted == neither
    assert math.exp(supported) == pytest.approx(1 / (1 + math.exp(-1)), abs=1e-4)


def test_its_word_takes_the_place_of_the_head(tmp_path: Path, reader: Reader) -> None:
    texts, support = Texts([("Pier", PIER)]), []
    for name, sure in (("yes", 9.0), ("no", -9.0)):
        folder = made_cross_encoder(tmp_path / name, {"entailment": sure, "neutral": 0.0, "contradiction": 0.0})
        check = Checker(texts, reader=reader, judge=load_judge(str(folder))).check(CLAIM)
        assert check.checker == f"attest with {folder}"
        support.append(check.sentences[0].support)
    assert support[0] > support[1] + 0.3
    assert Checker(texts, reader=reader).check(CLAIM).checker == "attest"


@pytest.mark.parametrize("labels", [("LABEL_0", "LABEL_1"), ("not_entailment", "other"), ("entailment",)])
def test_a_model_whose_labels_do_not_say_what_is_entailment_is_refused(tmp_path: Path, labels: tuple[str, ...]) -> None:
    folder = made_cross_encoder(tmp_path / "m", dict.fromkeys(labels, 0.0))
    with pytest.raises(AttestError, match="does not say which of its labels"):
        load_judge(str(folder))


def test_code_in_a_model_is_never_run(tmp_path: Path) -> None:
    folder = made_cross_encoder(tmp_path / "m", {"entailment": 0.0, "neutral": 0.0})
    config = (folder / "config.json").read_text(encoding="utf-8")
    classes = '"AutoModelForSequenceClassification": "own.Own", "AutoConfig": "own.OwnConfig"'
    own = f'{{"auto_map": {{{classes}}}, "model_type": "own",'
    (folder / "config.json").write_text(config.replace('"model_type": "bert",', "").replace("{", own, 1))
    (folder / "own.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    with pytest.raises(AttestError, match="cannot be loaded"):
        load_judge(str(folder))
    assert not (tmp_path / "ran").exists()
