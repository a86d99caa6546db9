"""`pytest SET.jsonl`: each case is a test like any other, for -k, -x, xdist and JUnit, and a broken set is one line."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import platformdirs
import pytest

import eval.evaluate
import eval.report.text  # noqa: F401
from eval.cases import CaseSet
from eval.judge import Article, read_article
from eval.responses import Response
from eval.runs import save_run
from tests.eval.conftest import ROWS, TEXT, MakeRun, quoted, refusal, sentence, write_answers
from vectorstore.embedding.embedder import Embedder

pytest_plugins = ["pytester"]

QUIET = ("-p", "no:cacheprovider", "-p", "no:hypothesispytest")
JUDGED = ("pier.jsonl", "--attest-article=pier.txt", "--attest-answers=answers.jsonl", *QUIET)
CACHE = os.environ.get("ATTEST_CACHE") or platformdirs.user_cache_dir("attest")
Answers = Callable[..., None]


@pytest.fixture
def answers(
    pytester: pytest.Pytester,
    monkeypatch: pytest.MonkeyPatch,
    responses: dict[str, Response],
    embedder: Embedder,
    article: Article,
    case_set: CaseSet,
) -> Answers:
    """A folder with the set, its text, and the right answers to it, some replaced. What the plugin imports when it
    judges is imported before (`case_set`, `read_article`), for a pytest inside a pytest forgets its imports; and the
    models stay in the user's cache, for it has a home of its own."""
    read_article(article.document, embedder)
    monkeypatch.setenv("ATTEST_CACHE", CACHE)

    def write(*instead: Response) -> None:
        Path("pier.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
        Path("pier.txt").write_text(TEXT, encoding="utf-8")
        given = responses | {response.id: response for response in instead}
        write_answers(Path("answers.jsonl"), given.values())

    return write


def test_every_case_is_a_test(pytester: pytest.Pytester, answers: Answers) -> None:
    answers()
    result = pytester.runpytest_inprocess(*JUDGED, "-v")
    result.assert_outcomes(passed=5)
    result.stdout.fnmatch_lines(["pier.jsonl::who[[]who] PASSED*", "pier.jsonl::end[[]pronoun] PASSED*"])


def test_a_failing_case_says_expected_got_evidence_and_what_outranked_it(
    pytester: pytest.Pytester, answers: Answers
) -> None:
    answers(quoted("who", sentence("crowns"), passages=(sentence("crowns"), sentence("1887"))))
    result = pytester.runpytest_inprocess(*JUDGED)
    result.assert_outcomes(passed=4, failed=1)
    result.stdout.fnmatch_lines(
        [
            "*who: Who put up the landing stage?*",
            "*failed: * vital facts shown",
            "*- expected: * Anna Lund",
            "*+ got: * It cost nine thousand crowns.*",
            "*evidence: * 0-48 The pier at Holm was built in 1887*",
            "*evidence at: * rank 2; outranked by",
            "*1. 49-78 It cost nine thousand crowns.*",
        ]
    )
    result.stdout.no_fnmatch_line("*Traceback*")


def test_cases_are_chosen_by_id_kind_and_part(pytester: pytest.Pytester, answers: Answers) -> None:
    answers()
    for words, chosen in (("pronoun", 1), ("cost", 1), ("sealed", 1), ("tuning and not who", 2), ("unanswerable", 1)):
        result = pytester.runpytest_inprocess(*JUDGED, "--collect-only", "-k", words)
        result.stdout.fnmatch_lines([f"*{chosen}/5 tests collected ({5 - chosen} deselected)*"])


def test_the_first_failure_ends_the_run_where_asked(pytester: pytest.Pytester, answers: Answers) -> None:
    answers(refusal("cost"), refusal("end"))
    pytester.runpytest_inprocess(*JUDGED, "-x").assert_outcomes(passed=1, failed=1)


def test_junit_holds_every_case(pytester: pytest.Pytester, answers: Answers) -> None:
    answers(refusal("cost"))
    pytester.runpytest_inprocess(*JUDGED, "--junitxml=junit.xml")
    cases = {item.get("name"): item for item in ElementTree.parse("junit.xml").iter("testcase")}
    assert len(cases) == 5
    failure = cases["cost[how many]"].find("failure")
    assert failure is not None and "nine thousand" in (failure.text or "")


def test_known_failures_of_the_baseline_are_expected(
    pytester: pytest.Pytester, answers: Answers, run_of: MakeRun
) -> None:
    answers(refusal("cost"), refusal("end"))
    save_run(run_of(refusal("cost")), Path("baseline.json"))
    result = pytester.runpytest_inprocess(*JUDGED, "--attest-baseline=baseline.json")
    result.assert_outcomes(passed=3, failed=1, xfailed=1)


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (json.dumps(ROWS[0] | {"answerable": "perhaps"}), "line 1: answerable*"),
        ("{", "line 1: not JSON*"),
        (json.dumps(ROWS[0]) + "\n" + json.dumps(ROWS[0]), "line 2, id: 'who' is used in line 1 already"),
        ("\n", "*is empty*"),
    ],
)
def test_a_malformed_set_is_one_line(pytester: pytest.Pytester, answers: Answers, content: str, named: str) -> None:
    answers()
    Path("pier.jsonl").write_text(content, encoding="utf-8")
    result = pytester.runpytest_inprocess(*JUDGED)
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"*pier.jsonl*{named}*"])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_another_article_or_a_missing_answer_is_one_line(pytester: pytest.Pytester, answers: Answers) -> None:
    answers()
    Path("pier.txt").write_text("Another text.\n", encoding="utf-8")
    result = pytester.runpytest_inprocess(*JUDGED, "-k", "cost")
    result.assert_outcomes(failed=1, deselected=4)
    result.stdout.fnmatch_lines(["*pier.txt is another text than the set pier is about*"])
    answers()
    Path("answers.jsonl").write_text("", encoding="utf-8")
    pytester.runpytest_inprocess(*JUDGED, "-k", "cost").stdout.fnmatch_lines(["*has no answer to who, cost, end*"])


def test_a_baseline_of_another_set_is_refused(pytester: pytest.Pytester, answers: Answers, run_of: MakeRun) -> None:
    answers()
    Path("pier.jsonl").rename("bridge.jsonl")
    save_run(run_of(), Path("baseline.json"))
    result = pytester.runpytest_inprocess("bridge.jsonl", *JUDGED[1:], "--attest-baseline=baseline.json")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*is of the set pier, not of bridge*"])


def test_other_json_lines_files_are_left_alone(pytester: pytest.Pytester, answers: Answers) -> None:
    answers()
    Path("notes.jsonl").write_text('{"note": 1}\n', encoding="utf-8")
    pytester.makepyfile("def test_own(): pass")
    pytester.runpytest_inprocess(*JUDGED[1:]).assert_outcomes(passed=6)


def test_attest_itself_is_asked_in_parallel(pytester: pytest.Pytester, answers: Answers) -> None:
    answers()
    result = pytester.runpytest_subprocess("pier.jsonl", "--attest-article=pier.txt", "-n", "2", "-k", "who or wife")
    outcomes = result.parseoutcomes()
    assert sum(outcomes.get(name, 0) for name in ("passed", "failed")) == 3
    result.stdout.no_fnmatch_line("*Traceback*")
