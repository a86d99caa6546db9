"""Reports hold every failing case, fetch nothing, and escape whatever a text or a question holds."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from lxml import html

from eval.cases import CaseSet
from eval.gate import compare
from eval.judge import Article
from eval.report import write_report
from eval.report.markdown import MOST_CHARACTERS, markdown
from eval.report.text import case_lines
from eval.responses import ResponseSentence
from eval.runs import Run
from tests.eval.conftest import MakeRun, quoted, refusal, sentence
from vectorstore.errors import UsageError

HOSTILE = "</script><img src=x onerror=alert(1)> ]]> | ` \x07 <b>"


@pytest.fixture
def broken(run_of: MakeRun) -> Run:
    """One answer is wrong, and one is made of hostile words."""
    right = quoted("cost", sentence("crowns"))
    return run_of(quoted("who", sentence("crowns")), replace(right, sentences=(ResponseSentence(HOSTILE, ()),)))


def test_the_page_fetches_nothing_and_runs_nothing(
    broken: Run, run_of: MakeRun, case_set: CaseSet, article: Article, tmp_path: Path
) -> None:
    write_report(tmp_path, broken, case_set, article.document, compare(run_of(), broken, case_set))
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    tree = html.fromstring(text)
    assert not tree.xpath("//script | //img | //link | //iframe | //@onerror | //@src | //b")
    assert "http" not in text.replace("http-equiv", "") and "@import" not in text and "url(" not in text
    assert len(tree.xpath("//svg")) == 2
    assert set(tree.xpath("//details/@id")) == {"case-who", "case-cost"}
    assert all("pass -> fail" in one.text_content() for one in tree.xpath("//summary"))
    assert HOSTILE.split("\x07")[0].strip() in " ".join(tree.text_content().split())


def test_a_citation_that_is_not_exact_is_shown_with_what_it_claims(
    run_of: MakeRun, case_set: CaseSet, article: Article, tmp_path: Path
) -> None:
    right = quoted("cost", sentence("crowns"))
    claimed = replace(right.sentences[0].citations[0], quote="It cost a fortune.")
    run = run_of(replace(right, sentences=(replace(right.sentences[0], citations=(claimed,)),)))
    write_report(tmp_path, run, case_set, article.document, compare(run_of(), run, case_set))
    for name in ("report.html", "report.md", "junit.xml"):
        assert "claims" in (text := (tmp_path / name).read_text(encoding="utf-8")) and "a fortune" in text


def test_undefined_is_said_so(run_of: MakeRun, case_set: CaseSet, article: Article, tmp_path: Path) -> None:
    write_report(tmp_path, run_of(), case_set, article.document, None)
    tree = html.fromstring((tmp_path / "report.html").read_text(encoding="utf-8"))
    (row,) = [r for r in tree.xpath("//tr") if r.text_content().startswith("false carry-over")]
    assert row.text_content().count("undefined (n = 0)") == 3
    assert "nan" not in tree.text_content().lower().split()


def test_junit_counts_what_broke_and_skips_what_was_broken(
    broken: Run, run_of: MakeRun, case_set: CaseSet, article: Article, tmp_path: Path
) -> None:
    known = run_of(quoted("who", sentence("crowns")))
    write_report(tmp_path, broken, case_set, article.document, compare(known, broken, case_set))
    suite = ElementTree.parse(tmp_path / "junit.xml").getroot()
    failed = [item.get("name") for item in suite.iter("testcase") if item.find("failure") is not None]
    skipped = [item.get("name") for item in suite.iter("testcase") if item.find("skipped") is not None]
    assert (failed, skipped) == (["cost"], ["who"])
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("5", "1", "1")
    write_report(tmp_path, broken, case_set, article.document, None)
    assert ElementTree.parse(tmp_path / "junit.xml").getroot().get("failures") == "2"


def test_markdown_is_a_table_and_stays_short(broken: Run, run_of: MakeRun, case_set: CaseSet, article: Article) -> None:
    text = markdown(broken, case_set, article.document, compare(run_of(), broken, case_set))
    assert "**Regression.**" in text
    tables = [line for line in text.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in tables} == {6, 8}
    huge = replace(broken, results=tuple(replace(r, searched_for="x" * 40_000, passed=False) for r in broken.results))
    cut = markdown(huge, case_set, article.document, None)
    assert len(cut) < MOST_CHARACTERS + 200 and "more failing cases are in report.html" in cut


def test_a_case_is_told_with_what_outranked_it(run_of: MakeRun, case_set: CaseSet, article: Article) -> None:
    ranking = (sentence("crowns"), sentence("oak"), sentence("1887"))
    run = run_of(refusal("who", passages=ranking))
    told = "\n".join(case_lines(run.results[0], case_set.cases[0], article.document, before=run_of().results[0]))
    assert "pass -> fail" in told and "Anna Lund" in told and "Not in the source." in told
    assert "rank 3" in told and "1. 49-78" in told and "2. " in told


def test_a_report_that_cannot_be_written_is_one_line(
    broken: Run, case_set: CaseSet, article: Article, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(UsageError, match="cannot be written"):
        write_report(tmp_path / "file" / "deep", broken, case_set, article.document, None)


def test_a_run_file_is_json(broken: Run) -> None:
    from eval.runs import dumps

    assert json.loads(dumps(broken))["set"] == "pier"
