"""A pytest plugin: `pytest SET.jsonl` collects every case of an evaluation set as a test item.

    pytest eval/sets/origins.jsonl -k "pronoun or who"      # by id, kind or part
    pytest SET.jsonl --attest-article FILE --attest-baseline BASELINE.json

With a baseline, a case that fails there too is an expected failure. With --attest-answers FILE the answers of another
system are judged. A JSON Lines file whose first line is no case is left alone, unless it is named itself.
Nothing is written, for a test session may run a part of a set; baselines are made by `attest eval`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from assistant.engine import Assistant
    from eval.cases import Case, CaseSet
    from eval.judge import Article
    from eval.responses import Response
    from eval.runs import Result

_LOOKS_LIKE_A_CASE = {"id", "question", "answerable", "evidence", "sha256"}
_OPEN = pytest.StashKey[ExitStack]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of the plugin."""
    group = parser.getgroup("attest", "evaluation sets")
    group.addoption("--attest-article", metavar="FILE", help="the text that the set is about")
    group.addoption("--attest-baseline", metavar="FILE", help="cases that fail in it are expected to fail")
    group.addoption("--attest-answers", metavar="FILE", help="judge these answers (format of attest ask --batch)")


def pytest_configure(config: pytest.Config) -> None:
    """What is opened for the cases stays open until the session ends."""
    config.stash[_OPEN] = ExitStack()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Closes the indexes."""
    stack = config.stash.get(_OPEN, None)
    if stack is not None:
        stack.close()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Takes the files that look like an evaluation set, and those that the user named."""
    if file_path.suffix == ".jsonl" and (parent.session.isinitpath(file_path) or _is_a_set(file_path)):
        return CaseFile.from_parent(parent, path=file_path)
    return None


class CaseFile(pytest.File):
    """A set. Its index and its models are opened by the first case that runs, once in a process."""

    _judged: Judging | None = None

    def collect(self) -> Iterator[pytest.Item]:
        """One item for each case; a set that cannot be used is a collection error, in one line."""
        from eval.cases import load_set
        from vectorstore.errors import UsageError

        try:
            case_set = load_set(self.path)
            self.known_failures = _known_failures(self.config, case_set)
        except UsageError as error:
            raise self.CollectError(str(error)) from None
        self.case_set = case_set
        lines = {row_id: number for number, row_id in _numbered_ids(self.path)}
        for case in case_set.cases:
            yield CaseItem.from_parent(self, name=f"{case.id}[{case.kind}]", case=case, line=lines.get(case.id, 0))

    def judging(self) -> Judging:
        """What judges this set's cases. Raises UsageError where the article is missing or another text."""
        if self._judged is None:
            self._judged = Judging(self.case_set, self.config)
        return self._judged


class CaseItem(pytest.Item):
    """One case: it passes where the answer is right."""

    def __init__(self, *, case: Case, line: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.case, self.line = case, line
        self.extra_keyword_matches.update({case.id, case.kind, case.part, case.answerable})

    def runtest(self) -> None:
        """Asks and judges."""
        file = self.parent
        assert isinstance(file, CaseFile)
        judging = file.judging()
        result = judging.result(self.case)
        if result.passed:
            return
        if self.case.id in file.known_failures:
            pytest.xfail("a known failure in the baseline")
        from eval.report.text import case_lines

        raise WrongAnswer("\n".join(case_lines(result, self.case, judging.article.document, before=None)))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The case as it is told everywhere; one line for a mistake of the user's; a traceback for one of ours."""
        from vectorstore.errors import AttestError

        if isinstance(excinfo.value, WrongAnswer | AttestError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """The line of the set."""
        return self.path, self.line, f"{self.case.id}: {self.case.question}"


class WrongAnswer(Exception):
    """A case that is not answered rightly; the message tells it."""


class Judging:
    """The article of a set, and where its answers come from: attest, or a file."""

    def __init__(self, case_set: CaseSet, config: pytest.Config) -> None:
        from eval.evaluate import assistant_for, find_article
        from eval.judge import read_article
        from eval.responses import read_responses
        from vectorstore.embedding.models import load_embedder

        document = find_article(case_set, _path(config, "attest_article"))
        answers = _path(config, "attest_answers")
        embedder = load_embedder()
        self.article: Article = read_article(document, embedder)
        self._given: dict[str, Response] | None = None
        self._assistant: Assistant | None = None
        if answers is not None:
            self._given = {response.id: response for response in read_responses(answers, case_set)}
        else:
            self._assistant = config.stash[_OPEN].enter_context(assistant_for(self.article, embedder))

    def result(self, case: Case) -> Result:
        """The judged answer to a case of the set."""
        from eval.evaluate import run_cases
        from eval.judge import judge

        if self._given is not None:
            return judge(case, self._given[case.id], self.article)
        assert self._assistant is not None
        return run_cases([case], self.article, self._assistant)[0]


def _known_failures(config: pytest.Config, case_set: CaseSet) -> frozenset[str]:
    from eval.runs import load_run
    from vectorstore.errors import UsageError

    path = _path(config, "attest_baseline")
    if path is None:
        return frozenset()
    run = load_run(path)
    if run.set_name != case_set.name:
        raise UsageError(f"the baseline {path} is of the set {run.set_name}, not of {case_set.name}")
    if run.fingerprints.get("set") != case_set.sha256:
        raise UsageError(f"the baseline {path} was made with another version of the set {case_set.name}: renew it")
    return frozenset(result.id for result in run.results if not result.passed)


def _path(config: pytest.Config, option: str) -> Path | None:
    value = config.getoption(option)
    return Path(value) if value else None


def _is_a_set(path: Path) -> bool:
    try:
        with path.open(encoding="utf-8-sig") as lines:
            first = json.loads(next((line for line in lines if line.strip()), "null"))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(first, dict) and first.keys() >= _LOOKS_LIKE_A_CASE


def _numbered_ids(path: Path) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").split("\n")):
        if line.strip():
            yield number, json.loads(line)["id"]
