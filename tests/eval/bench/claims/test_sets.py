"""The formats of the sets of claims, on files of a few lines, and the figures of a check."""

import json
from pathlib import Path

import pytest

from assistant.check.types import Check, CheckedSentence
from eval import silent
from eval.bench.claims.checking import is_supported, mean, run_fool_me_twice, weakest
from eval.bench.claims.sets import begin, fool_me_twice, mtrag_ratings, wice
from eval.bench.options import Options
from eval.statistics import Figure
from vectorstore.errors import UsageError

PIER = "The pier was opened in 1887 by Ada Reyes. It cost 412 pounds."


def lines(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_a_partly_supported_claim_of_wice_is_not_supported(tmp_path: Path) -> None:
    held = wice(
        lines(
            tmp_path / "w",
            {"label": "supported", "claim": "The pier is old.", "evidence": ["It was built in 1887.", "It is old."]},
            {"label": "partially_supported", "claim": "It is red.", "evidence": ["It is old."]},
        )
    )
    assert [claim.supported for claim in held.claims] == [True, False]
    assert held.texts[held.claims[0].texts[0]] == "It was built in 1887. It is old."


def test_the_chunks_of_a_claim_of_wice_are_one_text_in_the_order_of_the_page(tmp_path: Path) -> None:
    def chunk(label: str, *pieces: tuple[int, str]) -> dict[str, object]:
        places = {"chunk_idx": [place for place, _ in pieces]}
        return {"label": label, "claim": "It is old.", "evidence": [text for _, text in pieces], "meta": places}

    later, first = chunk("supported", (2, "Two."), (9, "Nine.")), chunk("supported", (0, "None."), (2, "Two."))
    held = wice(lines(tmp_path / "w", later, first))
    assert [held.texts[name] for claim in held.claims for name in claim.texts] == ["None. Two. Nine."]
    with pytest.raises(UsageError, match="two labels"):
        wice(lines(tmp_path / "w", later, chunk("not_supported", (0, "None."))))


def test_fool_me_twice_leaves_out_claims_without_evidence(tmp_path: Path) -> None:
    rows = [
        {"label": "SUPPORTS", "text": "a", "wikipedia_page": "Tern", "gold_evidence": [{"text": "b"}, {"text": "c"}]},
        {"label": "REFUTES", "text": "d", "gold_evidence": []},
    ]
    held = fool_me_twice(lines(tmp_path / "f", *rows))
    assert [(c.claim, c.supported, held.texts[c.texts[0]]) for c in held.claims] == [("a", True, "b c")]
    assert held.titles == {held.claims[0].texts[0]: "Tern"}


def test_an_answer_is_faithful_by_the_median_of_its_ratings(tmp_path: Path) -> None:
    def rated(*values: str) -> dict[str, object]:
        ratings = {str(n): {"value": value} for n, value in enumerate(values)}
        return {"task_id": "t", "model_response": "An answer.", "annotations": {"faithfulness": ratings}}

    data = {
        "documents": [{"document_id": "d", "text": "A text."}],
        "tasks": [{"task_id": "t", "contexts": [{"document_id": "d"}]}],
        "evaluations": [rated("4", "3", "1"), rated("4", "2", "1")],
    }
    held = mtrag_ratings(lines(tmp_path / "m", data))
    assert [claim.supported for claim in held.claims] == [True, False]


def test_a_response_of_begin_is_held_against_what_it_was_given(tmp_path: Path) -> None:
    rows = [
        ("knowledge", "response", "begin_label"),
        ('It is "old".', "It is old.", "Fully attributable"),
        ('It is "old".', "It is red.", "Not fully attributable"),
        ("It is big.", "Really?", "Generic"),
    ]
    file = tmp_path / "b.tsv"
    file.write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")
    held = begin(file)
    assert [(c.claim, c.supported) for c in held.claims] == [("It is old.", True), ("It is red.", False)]
    assert held.claims[0].cluster == held.claims[1].cluster
    assert [held.texts[c.texts[0]] for c in held.claims] == ['It is "old".'] * 2


@pytest.mark.parametrize("read", [wice, fool_me_twice, mtrag_ratings, begin])
def test_another_form_is_one_line_of_advice(tmp_path: Path, read: object) -> None:
    with pytest.raises(UsageError, match="is not"):
        read(lines(tmp_path / "x", {"other": 1}))  # type: ignore[operator]


def test_a_text_is_as_well_supported_as_its_weakest_sentence() -> None:
    def sentence(support: float, checkable: bool = True) -> CheckedSentence:
        verdict = "supported" if support > 0.5 else "not found"
        return CheckedSentence("A.", 0, 2, verdict, support, "", checkable=checkable)  # type: ignore[arg-type]

    check = Check("A.", "not found", (sentence(0.9), sentence(0.3), sentence(0.0, False)), "attest")
    assert (weakest(check), round(mean(check), 3), is_supported(check)) == (0.3, 0.6, False)
    nothing = Check("A.", "not found", (sentence(0.0, False),), "attest")
    assert (weakest(nothing), is_supported(nothing)) == (1.0, True)


def test_a_bench_holds_each_claim_against_its_own_texts(tmp_path: Path) -> None:
    said = {"label": "SUPPORTS", "text": "The pier was opened in 1887.", "gold_evidence": [{"text": PIER}]}
    refuted = {"label": "REFUTES", "text": "The pier was opened in 1893.", "gold_evidence": [{"text": PIER}]}
    elsewhere = {
        "label": "REFUTES",
        "text": said["text"],
        "gold_evidence": [{"text": "Cats sleep. They hunt at dusk."}],
    }
    data = lines(tmp_path / "f", refuted, said, elsewhere)
    (table,) = run_fool_me_twice(data, Options(0, 0, silent))
    balanced, flagged, missed, area = table.rows[0].cells
    assert isinstance(balanced, Figure) and isinstance(flagged, Figure)
    assert isinstance(missed, Figure) and isinstance(area, Figure)
    assert (balanced.value, flagged.value, missed.value, area.value) == (1.0, 1.0, 0.0, 1.0)
    assert [row.n for row in table.rows] == [3, 3]
