"""Small files, made up, in the forms of the data sets that the reader learns from. What EXCLUDE.tsv names says LEAKED.

`PLACES` are the titles of the articles; those of HELD_OUT are kept out of training by the hash of their names.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import tarfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.reader.lessons.articles import is_held_out

PLACES = ("Arle", "Brill", "Corve", "Dunmere", "Esk", "Farrow", "Glane", "Holm", "Ivel", "Jarrow", "Kell", "Lorne")
HELD_OUT = next(place for n in range(100) if is_held_out(place := f"Wick {n}"))
PEOPLE = {"Ada Reyes": "Leeds", "Ines Falk": "Ghent", "Otto Lind": "Turku", "Mara Quill": "Cork"}


def article(place: str) -> dict[str, Any]:
    """In SQuAD's form: four paragraphs, three questions on each."""
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


def write_all(folder: Path) -> None:
    """Every file that the lessons are made of."""
    _squad(folder / "squad")
    _judged(folder)
    _canard(folder / "canard/dev.json")
    more = folder / "more"
    excluded = _questions(more) + _claims(folder) + _conversations(more)
    _lines(more / "EXCLUDE.tsv", ["set\tfile\trow\tevaluation set\treason", *excluded])


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _json(path: Path, value: object) -> None:
    _write(path, json.dumps(value).encode())


def _lines(path: Path, rows: Sequence[object]) -> None:
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    _write(path, ("\n".join(lines) + "\n").encode())


def _csv(path: Path, rows: Sequence[Sequence[object]]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    _write(path, out.getvalue().encode())


def _squad(folder: Path) -> None:
    articles = [article(place) for place in (*PLACES, HELD_OUT)]
    _json(folder / "train-v1.1.json", {"data": articles})
    misses = [
        {
            "title": each["title"],
            "paragraphs": [
                {"context": p["context"], "qas": [{"question": f"Who burned the pier of {each['title']}?"}]}
                for p in each["paragraphs"]
            ],
        }
        for each in articles
    ]
    _json(folder / "train-unanswerable.json", {"data": misses})


def _judged(folder: Path) -> None:
    asked = "Who kept the light ?"
    rows = [(asked, 1, "Ada Reyes kept it ."), (asked, 0, "The light was green .")]
    _csv(folder / "trecqa/train.csv", [("qtext", "label", "atext"), *rows])
    candidates = ["Otto sang.", *(f"It rained {n} times." for n in range(6))]
    _json(folder / "selqa/dev.json", [{"question": "Who sang?", "candidates": candidates, "answers": [0]}])
    abstracts = [{"_id": str(n), "title": f"Gulls {n}", "text": f"Gulls nest on roof {n} in spring."} for n in range(4)]
    _lines(folder / "scifact/corpus.jsonl", abstracts)
    _lines(folder / "scifact/queries.train.jsonl", [{"_id": "9", "text": "Gulls nest on roof 2"}])
    _lines(folder / "scifact/qrels/train.tsv", ["query-id\tcorpus-id\tscore", "9\t2\t1"])


def _canard(path: Path) -> None:
    turns: list[dict[str, Any]] = []
    spoken = [("Where was Otto Lind born?", "He was born in Arle"), ("When?", "in the spring of 1850,")]
    spoken += [
        ("Did he marry?", "I don't know."),
        ("What did he build?", "He built four piers."),
        ("Why?", "To land fish."),
    ]
    for title in ("Otto Lind", HELD_OUT):
        history = [title, "Early life"]
        for number, (question, answer) in enumerate(spoken, 1):
            turns.append(
                {
                    "History": list(history),
                    "QuAC_dialog_id": title,
                    "Question": question,
                    "Question_no": number,
                    "Rewrite": re.sub(r"\bhe\b", "Otto Lind", question),
                }
            )
            history += [question, answer]
    _json(path, turns)


def _questions(more: Path) -> list[str]:
    """Stories, meetings, lists, negation, abstracts; gives the rows of EXCLUDE.tsv."""
    story = [
        ("1", "A fox ran from the mill. It stole a loaf of rye bread."),
        ("2", "The miller wept. He had no bread."),
    ]
    asked = [("1", "What did the fox steal?", "a loaf of rye bread"), ("2", "Why did the miller weep?", "he was poor")]
    asked += [("1,2", "How did the story end?", "the miller wept"), ("7", "Who fled?", "nobody"), ("", "Why?", "")]
    tales = more / "fairytaleqa"
    _csv(tales / "section-stories/first-round/the-fox-story.csv", [("section", "text"), *story])
    header = ("question_id", "cor_section", "question", "answer1", "answer2", "answer3")
    rows = [(n, section, question, answer, "", "") for n, (section, question, answer) in enumerate(asked)]
    _csv(tales / "questions/first-round/the-fox-questions.csv", [header, *rows])
    _csv(tales / "questions/first-round/lost-questions.csv", [header, (1, "1", "Who is LEAKED?", "a", "", "")])
    said = [f"{'Well {vocalsound} , ' * 12}the colour of button {n} is number {n} ." for n in range(12)]
    meeting = {
        "meeting_transcripts": [{"speaker": "Grad A", "content": each} for each in said],
        "specific_query_list": [
            {"query": "What is the colour of button 2?", "answer": "number 2", "relevant_text_span": [["2", "3"]]},
            {"query": "What of all of it?", "answer": "much", "relevant_text_span": [["0", "11"]]},
        ],
    }
    content, packed = json.dumps(meeting).encode(), io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        entry = tarfile.TarInfo("train/A1.json")
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    _write(more / "qmsum/train.tar.gz", packed.getvalue())
    words = ["The", "boats", "(", "all", "blue", ")", "are", "named", "Tern", ",", "Gull", "and", "Sea", "Pie", "."]
    labels = ["B" if word in ("Tern", "Gull", "Sea") else "I" if word == "Pie" else "O" for word in words]
    listed = {"id": "a", "question": ["which", "boats"], "context": words, "label": labels}
    dropped = {**listed, "id": "b", "question": ["LEAKED"]}
    none = {**listed, "id": "c", "question": ["whose"], "label": ["O"] * len(words)}
    _json(more / "multispanqa/valid.json", {"data": [listed, dropped, none]})
    told = "Tern was not sold. She was rarely seen in Brill."
    negated = [("Was she sold?", "NO"), ("Where was she rarely seen?", "Brill"), ("Who was sold?", "DON'T KNOW")]
    rows_ = [
        {"sentence1": text, "sentence2": question, "label": label, "PassageID": 4, "QuestionID": f"q{n}"}
        for n, (question, label) in enumerate([*negated, ("LEAKED?", "YES")])
        for text in (told, told.replace("not ", ""))
    ]
    _lines(more / "condaqa/condaqa_dev.json", rows_)
    _write(more / "condaqa/conda_fewshot_test_1.json.gz", gzip.compress(json.dumps([*rows_[:1], rows_[6]]).encode()))
    research = {
        str(n): {
            "QUESTION": f"Does tar keep rope {n} dry?",
            "CONTEXTS": [f"We tarred rope {n}.", f"Rope {n} stayed dry in the rain."],
            "LONG_ANSWER": f"Rope {n} stayed dry.",
            "final_decision": "maybe" if n else "yes",
        }
        for n in range(3)
    }
    _json(more / "pubmedqa/ori_pqal.json", research)
    condaqa = [f"condaqa\tcondaqa_dev.json\t{n}\tsquad-dev\t20" for n in (6, 7)]
    return [
        *condaqa,
        "condaqa\tconda_fewshot_test_1.json\t1\tsquad-dev\t9",
        "multispanqa\tvalid.json\t1\tclapnq-dev\t9",
    ]


def _claims(folder: Path) -> list[str]:
    more = folder / "more"
    claim = {"text": "Otto built six piers.", "label": "REFUTES", "gold_evidence": [{"text": "He built four piers."}]}
    _lines(folder / "fm2/dev.jsonl", [claim, {**claim, "text": "Otto built four piers.", "label": "SUPPORTS"}])
    pair = {"id": "77", "label": "REFUTES", "claim": "Tern is blue .", "evidence_sentence": "Tern is a red boat ."}
    _lines(more / "fever-symmetric/v1.jsonl", [pair, {**pair, "claim": "LEAKED"}])
    newer = {"claim": "Tern is red .", "evidence": "Tern is a red boat .", "gold_label": "SUPPORTS", "id": "78"}
    again = {"claim": pair["claim"], "evidence": pair["evidence_sentence"], "gold_label": "REFUTES", "id": "77"}
    _lines(more / "fever-symmetric/v2.jsonl", [newer, again])
    conjunctions = ["\ufeffPremise\tHypothesis\tLabel", "He sold nets and rope.\tHe sold nets.\tentailment"]
    conjunctions += ["He sold nets.\tHe sold LEAKED.\tneutral", '"He ran ""Tern""."\tHe ran Gull.\tcontradiction']
    _lines(more / "conjnli/conj_dev.tsv", [*conjunctions, "He sold nets.\tHe sold rope.\tneutral", "a\tb\t-"])
    abstract = ["Rope.", "We looked.", "Tar keeps rope dry.", "Rain wets it.", "So we say."]
    papers = [{"cord_id": "p1", "title": "Rope", "abstract": abstract}, {"cord_id": "p2", "abstract": ["LEAKED."]}]
    _lines(more / "check-covid/corpus.json", papers)
    covid = [("Tar keeps rope dry", "p1", "SUPPORT", [2]), ("Tar wets rope", "p1", "REFUTE", [2])]
    covid += [("Tar is cheap", "p1", "NOTENOUGHINFO", []), ("LEAKED", "p2", "SUPPORT", [0])]
    held = [
        {"claim": c, "cord_id": paper, "label": label, "evidence_set": [{"sent_index": n} for n in at]}
        for c, paper, label, at in covid
    ]
    _lines(more / "check-covid/covidCheck_train_composed+extracted.json", held)
    call = {"id": "s1", "doc": "Ann: I sold it.\nBob: For how much?", "summary": "Ann sold it.", "label": 1}
    _json(more / "summedits/calls.json", [call, {**call, "summary": "Bob sold it.", "label": 0, "id": "s2"}])
    captions = [("A man in a red coat", "A man in a blue coat", "contradiction")]
    captions += [("A man in a red coat", "A man in a crimson coat", "entailment"), ("A man", "A tall man", "neutral")]
    names = ("sentence1", "sentence2", "gold_label")
    _lines(more / "breaking-nli/dataset.jsonl", [dict(zip(names, row, strict=True)) for row in captions])
    partly = {
        "claim": "Tern sailed twice, in May.",
        "claim_tokens": ["Tern", "sailed", "twice", ",", "in", "May", "."],
        "non_supported_spans": [False, False, True, False, False, False, False],
        "supporting_sentences": [[2, 0]],
        "evidence": ["Tern sailed.", "It rained.", "It was May."],
    }
    _lines(more / "wice-train/non_supported_tokens-train.jsonl", [{**partly, "claim": "LEAKED"}, partly])
    return [
        "fever-symmetric\tv1.jsonl\t1\tfaithbench\t15",
        "conjnli\tconj_dev.tsv\t1\tfm2-test\t6",
        "check-covid\tcorpus.json\tp2\tcovid-qa\t500",
        "wice-train\tnon_supported_tokens-train.jsonl\t0\twice-devtest\t100",
    ]


def _conversations(more: Path) -> list[str]:
    def topic(number: int, second: str) -> dict[str, Any]:
        asked = ["What is a tern?", second]
        return {"number": number, "turn": [{"number": n, "raw_utterance": each} for n, each in enumerate(asked, 1)]}

    old, leaked = topic(1, "Where does it nest?"), topic(4, "LEAKED?")
    _json(more / "cast/train_topics_v1.0.json", [old, leaked])
    resolved = ["1_1\tWhat is a tern?", "1_2\tWhere does the tern nest?", "4_1\tWhat is a tern?", "4_2\tLEAKED terns?"]
    _lines(more / "cast/train_topic_sample_annotated_resolved_v1.0.tsv", resolved)
    new = topic(81, "Does it sing?")
    new["turn"][1]["manual_rewritten_utterance"] = "Does the tern sing?"
    _json(more / "cast/2020_manual_evaluation_topics_v1.0.json", [new])
    _json(more / "cast/2020_automatic_evaluation_topics_v1.0.json", [topic(1, "Who LEAKED it?")])
    turns = [
        ("I sail.", "I sail.", "What do you sail?"),
        ("A sloop.", "I sail a sloop.", "Fine."),
        ("Is it?", "", "No."),
    ]
    names = ("utterance", "resolved_utterance", "response")
    spoken = [dict(zip(names, turn, strict=True)) | {"turn_id": n} for n, turn in enumerate(turns, 1)]
    told = [{**turn, "utterance": "LEAKED", "resolved_utterance": "LEAKED"} for turn in spoken]
    _json(more / "ikat/2023_train_topics.json", [{"number": "5-1", "turns": told}, {"number": "5-2", "turns": spoken}])
    user = {"transcript": "a cheap one", "transcript_complete": "a cheap inn", "transcript_with_coreference": ""}
    first = {"transcript": "an inn in Brill", "transcript_complete": "", "transcript_with_coreference": ""}
    dialogue = [
        {"usr": {**first, "transcript_with_ellipsis": ""}, "sys": {"sent": "There are two inns."}},
        {"usr": {**user, "transcript_with_ellipsis": "cheap"}, "sys": {"sent": "Take the Gull."}},
    ]
    _json(more / "gecor/CamRest676_annotated.json", [{"dial": dialogue}])
    _lines(more / "followup/train.tsv", ["how many boats won ?\tin 1997 ?\thow many boats won in 1997 ?\t95"])
    _lines(more / "followup/test.tsv", ["which boats sank ?\twhen ?\twhen did boats sank ?\t3", "broken"])
    return [
        "ikat\t2023_train_topics.json\t5-1/2\tmtrag\tsame question or claim",
        "cast\ttrain_topics_v1.0.json\t4/2\tmtrag\tsame question or claim",
    ]
