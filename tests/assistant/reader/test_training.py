"""What the reader is trained on, and that training, stopped and gone on with, learns it."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer

from assistant.reader.__main__ import main, mean
from assistant.reader.network import ReaderNetwork
from assistant.reader.training.contrasts import as_follow_up, key_words, second_course
from assistant.reader.training.course import THIRD, encode, loss_of, train
from assistant.reader.training.examples import Example, batches, first_course, window_around
from assistant.reader.training.rivals import exchanged, third_course
from vectorstore.embedding.minilm import model_directory

PLACES = ("Arle", "Brill", "Corve", "Dunmere", "Esk", "Farrow", "Glane", "Holm", "Ivel", "Jarrow", "Kell", "Lorne")
PEOPLE = {"Ada Reyes": "Leeds", "Ines Falk": "Ghent", "Otto Lind": "Turku", "Mara Quill": "Cork"}
SMALL = {"rivals": 6, "near_misses": 4, "follow_ups_made": 4, "conversations": 10}


def _article(place: str) -> dict[str, Any]:
    paragraphs = []
    for n, (person, town) in enumerate(PEOPLE.items()):
        year = str(1850 + 7 * n)
        context = (
            f"The pier of {place} was rebuilt in {year} by {person}. Fishermen paid for half of it. "
            f"{person} had studied in {town} and came to {place} with two brothers."
        )
        qas = []
        for question, answer in (
            (f"When was the pier of {place} rebuilt by {person}?", year),
            (f"Who rebuilt the pier of {place} in {year}?", person),
            (f"Where had {person} studied before coming to {place}?", town),
        ):
            start = context.index(answer)
            qas.append({"question": question, "answers": [{"text": answer, "answer_start": start}]})
        paragraphs.append({"context": context, "qas": qas})
    return {"title": place, "paragraphs": paragraphs}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Small files in the forms of the data sets."""
    folder = tmp_path_factory.mktemp("data")
    for name in ("squad", "trecqa", "selqa", "scifact/qrels", "canard", "fm2"):
        (folder / name).mkdir(parents=True)
    articles = [_article(place) for place in PLACES]
    _json(folder / "squad/train-v1.1.json", {"data": articles})
    misses = [
        {
            "title": a["title"],
            "paragraphs": [
                {"context": p["context"], "qas": [{"question": f"Who burned the pier of {a['title']}?"}]}
                for p in a["paragraphs"]
            ],
        }
        for a in articles
    ]
    _json(folder / "squad/train-unanswerable.json", {"data": misses})
    with (folder / "trecqa/train.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["qtext", "label", "atext"])
        rows.writerow(["Who kept the light ?", "1", "Ada Reyes kept it ."])
    _json(
        folder / "selqa/dev.json",
        [{"question": "Who sang?", "candidates": ["Otto sang.", "It rained."], "answers": [0]}],
    )
    abstracts = [{"_id": str(n), "title": f"Gulls {n}", "text": f"Gulls nest on roof {n} in spring."} for n in range(4)]
    (folder / "scifact/corpus.jsonl").write_text("\n".join(map(json.dumps, abstracts)), encoding="utf-8")
    (folder / "scifact/queries.train.jsonl").write_text(
        '{"_id": "9", "text": "Gulls nest on roof 2"}\n', encoding="utf-8"
    )
    (folder / "scifact/qrels/train.tsv").write_text("query-id\tcorpus-id\tscore\n9\t2\t1\n", encoding="utf-8")
    turns, history = [], ["Otto Lind", "Early life"]
    spoken = [("Where was Otto Lind born?", "He was born in Arle"), ("When?", "in the spring of 1850,")]
    spoken += [
        ("Did he marry?", "I don't know."),
        ("What did he build?", "He built four piers."),
        ("Why?", "To land fish."),
    ]
    for number, (question, answer) in enumerate(spoken, 1):
        rewrite = question.replace("he", "Otto Lind")
        turns.append(
            {
                "History": list(history),
                "QuAC_dialog_id": "d",
                "Question": question,
                "Question_no": number,
                "Rewrite": rewrite,
            }
        )
        history += [question, answer]
    _json(folder / "canard/dev.json", turns)
    claim = {"text": "Otto built six piers.", "label": "REFUTES", "gold_evidence": [{"text": "He built four piers."}]}
    (folder / "fm2/dev.jsonl").write_text(json.dumps(claim) + "\n", encoding="utf-8")
    return folder


def _json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value), encoding="utf-8")


def test_every_answer_lies_where_its_example_says(data: Path) -> None:
    examples = first_course(data / "squad", answerable=60, negatives=20, near_misses=10, seed=1)
    examples += [e for unit in third_course(data, **SMALL, seed=1) for e in unit]
    answered = [e for e in examples if e.answers]
    assert len(answered) > 60
    for example in answered:
        assert len({example.text[a:b] for a, b in example.answers}) == 1
        assert example.answered and example.relevant
    assert all(not e.answers for e in examples if not e.answered)


def test_the_courses_are_the_same_for_the_same_seed_and_others_for_another(data: Path) -> None:
    def course(seed: int) -> object:
        return (
            second_course(data, near_misses=8, answerable=8, negatives=6, follow_ups_made=3, seed=seed),
            third_course(data, **SMALL, seed=seed),
        )

    assert course(3) == course(3) != course(4)


def test_a_near_miss_says_nothing_of_relevance(data: Path) -> None:
    units = second_course(data, near_misses=8, answerable=8, negatives=6, follow_ups_made=3, seed=3)
    misses = [e for unit in units for e in unit if "burned" in e.question]
    assert misses and all(e.relevant is None and e.answered is False for e in misses)


def test_rivals_are_of_the_same_question_and_do_not_hold_its_answer(data: Path) -> None:
    for unit in third_course(data, **SMALL, seed=5)[: SMALL["rivals"]]:
        good, *rest = unit
        rivals = [e for e in rest if e.unsupported is None]
        answer = good.text[slice(*good.answers[0])]
        assert rivals and all(e.question == good.question and answer not in e.text for e in rivals)


def test_a_question_with_a_name_exchanged_says_which() -> None:
    text = "In 1887 Ada Reyes opened the pier of Arle, and Otto Lind paid. However, it burned. After that Esk built."
    for seed in range(12):
        changed = exchanged("When did Ada Reyes open the pier of Arle?", text, ["Esk"], "1887", random.Random(seed))
        assert changed is not None and changed.answered is False and changed.unsupported is not None
        ((start, end),) = changed.unsupported
        assert changed.question[start:end] in ("Otto Lind", "Esk")
        assert changed.question.count(changed.question[start:end]) == 1
    assert exchanged("When was it opened?", text, ["Corve"], "1887", random.Random(2)) is None


def test_a_conversation_is_learned_with_its_history(data: Path) -> None:
    units = [
        u for u in third_course(data, **SMALL, seed=7) if any("Otto" in e.question or "Why" in e.question for e in u)
    ]
    unknown = [e for unit in units for e in unit if e.answered is False and e.relevant is None]
    assert any("marry" in e.question for e in unknown)
    rivals = [unit for unit in units if len(unit) > 1]
    assert rivals
    for good, *others in rivals:
        assert good.answered and all(o.question == good.question and o.text != good.text for o in others)


def test_key_words_and_pronouns() -> None:
    assert key_words("Who rebuilt the pier of Arle in 1850?") == "rebuilt pier arle 1850 who"
    assert as_follow_up("When did Ada Reyes leave?", "Where was Ada Reyes born?", "she") == "When did she leave?"
    assert as_follow_up("When did Ada Reyes leave?", "Where was he born?", "she") is None


def test_a_window_holds_the_answer_and_whole_sentences() -> None:
    text = _article("Arle")["paragraphs"][0]["context"]
    at = text.index("Fishermen")
    left, right = window_around(text, at, at + 9, 12, random.Random(1))
    assert left <= at and at + 9 <= right
    assert text[:left].strip() == "" or text[:left].rstrip().endswith(".")
    assert text[left:right].rstrip().endswith(".")


def test_units_stay_together_in_a_batch() -> None:
    units = [[3 * n, 3 * n + 1, 3 * n + 2] for n in range(40)]
    lengths = [random.Random(n).randint(10, 90) for n in range(120)]
    made = list(batches(units, lengths, 12, 4))
    assert sorted(i for batch in made for i in batch) == list(range(120))
    assert all({i // 3 * 3, i // 3 * 3 + 1, i // 3 * 3 + 2} <= set(batch) for batch in made for i in batch)


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(model_directory() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(224, strategy="only_second")
    return tokenizer


def test_answers_and_doubted_words_become_tokens(tokenizer: Tokenizer) -> None:
    question, text = "When did Otto leave?", "Ada left in 1887."
    ids, types, ranges, doubted = encode(tokenizer, Example(question, text, ((12, 16),), True, True, ((9, 13),)))
    assert [tokenizer.id_to_token(i) for i in ids[ranges[0][0] : ranges[0][1] + 1]] == ["1887"]
    assert types[ranges[0][0]] == 1
    assert [tokenizer.id_to_token(ids[i]) for i in doubted] == ["otto"]


def test_each_part_of_the_loss_sees_what_it_is_for(tokenizer: Tokenizer) -> None:
    torch.manual_seed(1)
    network = ReaderNetwork(model_directory()).eval()
    text = "Ada Reyes opened the pier of Arle in 1887."

    def loss(*examples: Example, **changes: float) -> float:
        from dataclasses import replace

        course = replace(THIRD, **changes)
        return float(loss_of(network, [(e, encode(tokenizer, e)) for e in examples], course).detach())

    good = Example("When was the pier opened?", text, ((37, 41),), True, True, ())
    rival = Example("When was the pier opened?", "Gulls nest on the roof.", (), False, False)
    swapped = Example("When was the pier of Esk opened?", text, (), None, False, ((21, 24),))
    assert loss(good, rival, ranking=5.0) > loss(good, rival, ranking=0.0)
    assert loss(good, swapped, ranking=5.0) == pytest.approx(loss(good, swapped, ranking=0.0), abs=1e-4)
    assert loss(good, swapped, doubting=5.0) > loss(good, swapped, doubting=0.0)
    assert loss(rival, doubting=5.0) == pytest.approx(loss(rival, doubting=0.0), abs=1e-4)


def test_training_learns_and_goes_on_where_it_was_stopped(
    data: Path, tmp_path: Path, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    import assistant.reader.training.course as training

    monkeypatch.setattr(training, "BATCH", 6)
    monkeypatch.setattr(training, "CHECKPOINT_STEPS", 3)
    units = third_course(data, **SMALL, seed=5)[:8]
    train(units, THIRD, tmp_path / "whole.pt", model_directory(), seed=2)
    whole = torch.load(tmp_path / "whole.pt", weights_only=True)

    def loss(weights: dict[str, torch.Tensor]) -> float:
        network = ReaderNetwork(model_directory()).eval()
        network.load_state_dict(weights, strict=False)
        rows = [(e, encode(tokenizer, e)) for unit in units for e in unit]
        return float(loss_of(network, rows, THIRD).detach())

    assert loss(whole) < loss({})

    class Stop(Exception):
        pass

    saved = training._save

    def stop(*arguments: Any) -> None:
        saved(*arguments)
        raise Stop

    monkeypatch.setattr(training, "_save", stop)
    with pytest.raises(Stop):
        train(units, THIRD, tmp_path / "part.pt", model_directory(), seed=2)
    monkeypatch.setattr(training, "_save", saved)
    train(units, THIRD, tmp_path / "part.pt", model_directory(), seed=2)
    again = torch.load(tmp_path / "part.pt", weights_only=True)
    assert all(torch.allclose(whole[name], again[name], atol=1e-6) for name in whole)


def test_two_courses_are_averaged() -> None:
    assert mean({"span.weight": np.float32([2.0])}, {"span.weight": np.float32([4.0])}) == {
        "span.weight": np.float32([3.0])
    }


def test_the_command_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setattr("sys.argv", ["reader", "train", "--data", str(tmp_path)])
    assert main() == 2
    assert "train-v1.1.json does not exist" in capsys.readouterr().err
