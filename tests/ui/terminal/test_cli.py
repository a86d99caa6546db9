"""The commands as a user or a script calls them: outputs, messages and exit codes, on a real index."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from assistant.engine import Assistant
from ui.terminal.chat import converse
from ui.terminal.consoles import results
from vectorstore.types import Document

ROOT = Path(__file__).parents[3]
Run = Callable[..., tuple[int, str, str]]


def one_line(text: str) -> bool:
    return text.startswith("attest: ") and text.endswith("\n") and text.count("\n") == 1


def test_ingest_reports_each_document_and_a_second_run_changes_nothing(
    attest: Run, articles: Path, tmp_path: Path
) -> None:
    code, out, err = attest("ingest", articles, "--index", tmp_path / "index")
    assert (code, err) == (0, "")
    assert [line.split(":")[0] for line in out.splitlines()] == ["added", "added"]
    assert "100 % covered" in out
    code, out, _ = attest("ingest", articles, "--index", tmp_path / "index")
    assert code == 0
    assert [line.split(":")[0] for line in out.splitlines()] == ["unchanged", "unchanged"]


def test_a_bad_file_is_reported_and_the_rest_goes_on(attest: Run, articles: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.touch()
    sources = [tmp_path / "missing.txt", empty, articles / "bakery.txt"]
    code, out, err = attest("ingest", *sources, "--index", tmp_path / "index")
    assert code == 1
    assert [line.split(":")[0] for line in out.splitlines()] == ["failed", "failed", "added"]
    assert one_line(err)


def test_a_document_is_taken_out_by_name(attest: Run, articles: Path, tmp_path: Path) -> None:
    attest("ingest", articles / "bakery.txt", "--index", tmp_path / "index")
    code, out, _ = attest("ingest", "--remove", articles / "bakery.txt", "--index", tmp_path / "index")
    assert code == 0 and out.startswith("removed: ")
    code, _, err = attest("ingest", "--remove", "bakery", "--index", tmp_path / "index")
    assert code == 2 and one_line(err)


def test_ask_prints_an_answer_with_its_citation(attest: Run, index: Path) -> None:
    code, out, err = attest("ask", "When was the lighthouse on Gull Rock lit for the first time?", "--index", index)
    assert (code, err) == (0, "")
    assert "1861" in out and "[1]" in out and "characters" in out


def test_ask_as_json_has_offsets_that_hold(attest: Run, index: Path, articles: Path) -> None:
    code, out, _ = attest("ask", "When did Ines Falk close the bakery?", "--json", "--index", index)
    row = json.loads(out)
    assert code == 0 and not row["abstained"]
    texts = [path.read_text(encoding="utf-8") for path in articles.iterdir()]
    for sentence in row["sentences"]:
        for citation in sentence["citations"]:
            assert any(text[citation["start"] : citation["end"]] == citation["quote"] for text in texts)
    assert len(row["passages"]) >= 2


def test_a_question_that_the_source_does_not_answer_is_an_abstention_and_no_failure(attest: Run, index: Path) -> None:
    code, out, _ = attest("ask", "What is the boiling point of tungsten?", "--index", index)
    assert code == 0
    assert out.startswith("Not in the source.")


def test_batch_answers_what_it_can(attest: Run, index: Path, tmp_path: Path) -> None:
    source, output = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    lines = [
        {"id": "a", "question": "Who kept the light?"},
        {"id": "c", "question": "Why?", "history": ["Who was hurt?"]},
    ]
    source.write_text(json.dumps(lines[0]) + "\n{broken\n" + json.dumps(lines[1]) + "\n")
    code, out, err = attest("ask", "--batch", source, "--output", output, "--index", index)
    assert (code, out) == (1, "")
    assert err.startswith("attest: line 2: not JSON")
    assert [json.loads(line)["id"] for line in output.read_text().splitlines()] == ["a", "c"]


def test_chat_answers_what_is_typed(index: Path, tmp_path: Path) -> None:
    typed = "Who kept the light?\n/new\n\nWho closed the bakery?\n/quit\nnever asked\n"
    command = [sys.executable, "-m", "ui.terminal.cli", "chat", "--index", str(index)]
    ended = subprocess.run(command, input=typed, capture_output=True, text=True, cwd=ROOT, timeout=120, check=False)
    assert ended.returncode == 0 and ended.stderr == ""
    assert "Oduya" in ended.stdout and "A new conversation." in ended.stdout and "Falk" in ended.stdout


@pytest.mark.parametrize("leaving", ["/quit", "quit", "exit", "Exit"])
def test_chat_ends_where_it_is_told_to(leaving: str) -> None:
    class Never:
        def ask(self, question: str, history: object) -> None:
            raise AssertionError(question)

    typed = iter([leaving, "never asked"])
    converse(typed, cast(Assistant, Never()), results(), lambda name: cast(Document, None))
    assert list(typed) == ["never asked"]


def test_doctor_finds_a_sound_index_sound_and_rebuilds_it(attest: Run, articles: Path, tmp_path: Path) -> None:
    attest("ingest", articles / "bakery.txt", "--index", tmp_path / "index")
    code, out, err = attest("doctor", "--index", tmp_path / "index")
    assert (code, err) == (0, "") and out.startswith("sound: ")
    code, out, _ = attest("doctor", "--rebuild", "--index", tmp_path / "index")
    assert code == 0 and out.startswith("rebuilt: 1 document")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["ask", ""], 2),
        (["ask", " \n "], 2),
        (["ask", "x" * 100_000], 2),
        (["ask", "\udcff"], 2),
        (["ask"], 2),
        (["ask", "Who?", "--batch", "in.jsonl", "--output", "out.jsonl"], 2),
        (["ask", "--batch", "in.jsonl"], 2),
        (["ask", "--batch", "missing.jsonl", "--output", "out.jsonl"], 2),
        (["ingest"], 2),
        (["serve", "--port", "99999"], 2),
        (["ask", "Who?", "--index", ""], 2),
        (["ask", "Who?"], 1),
        (["chat"], 1),
        (["doctor"], 1),
        (["ask", "Who?", "--index", __file__], 2),
    ],
)
def test_wrong_usage_and_missing_input_is_one_line(
    arguments: list[str], code: int, attest: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ATTEST_INDEX", str(tmp_path / "index"))
    ended, out, err = attest(*arguments)
    assert (ended, out) == (code, "")
    assert one_line(err), err
    assert not (tmp_path / "index").exists(), "asking makes no index"


@pytest.mark.parametrize(
    "arguments", [["frobnicate"], ["ask", "--frob"], ["serve", "--port", "many"], ["ask", "a", "b"]]
)
def test_unknown_commands_and_flags_are_wrong_usage(arguments: list[str], attest: Run) -> None:
    code, out, err = attest(*arguments)
    assert (code, out) == (2, "")
    assert "Traceback" not in err


def test_an_index_in_use_is_told_with_its_owner(attest: Run, index: Path) -> None:
    from assistant.settings import Settings
    from ui.opening import open_index

    with open_index(Settings(index=index), "the other one"):
        code, _, err = attest("ask", "Who kept the light?", "--index", index)
    assert code == 1 and one_line(err) and "the other one" in err


def test_help_is_instant_because_nothing_heavy_is_imported() -> None:
    script = (
        "import sys\n"
        "from ui.terminal.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'torch', 'chromadb', 'gradio', 'llama_index', 'numpy', 'onnxruntime', 'pydantic', 'trafilatura'}\n"
        "sys.exit(f'imported: {heavy & set(sys.modules)}' if heavy & set(sys.modules) else 0)\n"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=False)
    assert ended.returncode == 0, ended.stderr


def test_asking_needs_neither_torch_nor_gradio_nor_llama_index(index: Path) -> None:
    script = (
        "import sys\n"
        "from ui.terminal.cli import main\n"
        f"try: main(['ask', 'Who kept the light?', '--index', {str(index)!r}])\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "heavy = {'torch', 'gradio', 'llama_index', 'sentence_transformers', 'transformers', 'trafilatura'}\n"
        "sys.exit(f'imported: {heavy & set(sys.modules)}' if heavy & set(sys.modules) else 0)\n"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=False)
    assert ended.returncode == 0, ended.stderr


def test_a_reader_that_has_gone_is_no_error(index: Path) -> None:
    command = [sys.executable, "-m", "ui.terminal.cli", "ask", "Who kept the light?", "--json", "--index", str(index)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    process.wait(timeout=120)
    assert err == ""


def test_a_terminal_without_unicode_is_no_reason_to_fail(index: Path) -> None:
    for flags in ([], ["--json"]):
        command = [sys.executable, "-m", "ui.terminal.cli", "ask", "What did Haan say?", *flags, "--index", str(index)]
        environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
        ended = subprocess.run(command, capture_output=True, cwd=ROOT, env=environment, check=False)
        assert ended.returncode == 0, ended.stderr
        if flags:
            json.loads(ended.stdout)


def commands_of_the_readme() -> dict[str, set[str]]:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    found: dict[str, set[str]] = {}
    for line in re.findall(r"^attest (\w+.*)$", text, re.MULTILINE):
        found.setdefault(line.split()[0], set()).update(re.findall(r"--[a-z]+", line))
    return found


def test_the_readme_and_the_help_name_the_same_commands_and_flags(attest: Run) -> None:
    _, out, _ = attest("--help")
    listed = set(re.findall(r"^  (\w+) {2,}", out.partition("Commands:")[2], re.MULTILINE))
    documented = commands_of_the_readme()
    assert set(documented) == listed
    for command, flags in documented.items():
        _, out, _ = attest(command, "--help")
        assert set(re.findall(r"--[a-z]+", out)) - {"--help", "--index"} == flags, command
        assert ("--index" in out) == (command not in ("bench", "password"))


def test_the_version_is_printed() -> None:
    command = [sys.executable, "-m", "ui.terminal.cli", "--version"]
    ended = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False, env={**os.environ})
    assert re.fullmatch(r"attest \d+\.\d+\.\d+\n", ended.stdout)


def test_an_overview_is_cited_and_the_document_may_be_named_in_several_ways(
    attest: Run, index: Path, articles: Path
) -> None:
    listed = attest("overview", "--index", index)
    assert listed[0] == 2 and one_line(listed[2]) and "there are 2 documents" in listed[2]
    code, out, err = attest("overview", "The light on Gull Rock", "--index", index)
    assert (code, err) == (0, "")
    for heading in ("In its own words", "Timeline", "People"):
        assert heading in out.splitlines()
    dated = out[out.index("Timeline") :]
    assert dated.index("1861") < dated.index("1879") and "Marta Oduya" in dated
    assert attest("overview", "gull rock light", "--index", index)[1] == out
    code, out, _ = attest("overview", "The light on Gull Rock", "--json", "--index", index)
    found = json.loads(out)
    assert code == 0 and attest("overview", found["document"], "--index", index)[0] == 0
    text = (articles / "lighthouse.txt").read_text(encoding="utf-8")
    sentences = [*found["key"], *found["timeline"], *(person["sentence"] for person in found["people"])]
    citations = [citation for sentence in sentences for citation in sentence["citations"]]
    assert len(found["key"]) >= 2 and len(found["timeline"]) >= 2 and citations
    assert all(text[citation["start"] : citation["end"]] == citation["quote"] for citation in citations)
    for person in found["people"]:
        assert all(person["name"].split()[-1] in text[m["start"] : m["end"]] for m in person["mentions"])
    refused = attest("overview", "the tax", "--index", index)
    assert refused[0] == 2 and one_line(refused[2]) and "names no document" in refused[2]
