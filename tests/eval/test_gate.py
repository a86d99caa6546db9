"""The gate raises nothing without a change, and names what broke with one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eval.cases import CaseSet
from eval.evaluate import make_run
from eval.gate import check_baseline, compare
from eval.responses import Response, ResponseCitation, ResponseSentence
from tests.eval.conftest import SHA256, TEXT, MakeRun, quoted, refusal, sentence
from vectorstore.errors import UsageError


def test_the_same_answers_raise_nothing(run_of: MakeRun, case_set: CaseSet) -> None:
    comparison = compare(run_of(), run_of(), case_set)
    assert not comparison.regressed and not comparison.newly_failing and not comparison.changed


def test_changed_code_alone_raises_nothing(run_of: MakeRun, case_set: CaseSet) -> None:
    run = run_of()
    edited = replace(run, fingerprints={**run.fingerprints, "system": "by another hand"})
    comparison = compare(run, edited, case_set)
    assert not comparison.regressed and comparison.changed == (("system", "by hand", "by another hand"),)


@pytest.mark.parametrize(
    ("broken", "metric"),
    [
        (quoted("wife", sentence("mayor")), "refused"),
        (quoted("who", sentence("crowns")), "nuggets_vital"),
        (refusal("who"), "answered"),
        (quoted("said", sentence("oak"), speaker="Anna Lund"), "speaker"),
        (
            replace(
                quoted("who", sentence("1887")),
                sentences=(ResponseSentence(TEXT[0:49], (ResponseCitation(1, 50, TEXT[0:49], None, "d", SHA256),)),),
            ),
            "quote_fidelity",
        ),
        (
            replace(
                quoted("who", sentence("1887")),
                sentences=(
                    ResponseSentence(
                        TEXT[0:49],
                        (ResponseCitation(*sentence("crowns"), TEXT[slice(*sentence("crowns"))], None, "d", SHA256),),
                    ),
                ),
            ),
            "citation_recall",
        ),
        (replace(quoted("who", sentence("1887")), sentences=(ResponseSentence(TEXT[0:49], ()),)), "uncited"),
        (replace(quoted("who", sentence("1887")), passages=(sentence("crowns"),)), "hit@5"),
    ],
)
def test_one_hard_break_is_enough_and_is_named(
    run_of: MakeRun, case_set: CaseSet, broken: Response, metric: str
) -> None:
    comparison = compare(run_of(), run_of(broken), case_set)
    assert comparison.regressed
    assert (broken.id, metric) in [(found.id, found.metric) for found in comparison.breaks]


def test_what_was_wrong_before_may_stay_wrong(run_of: MakeRun, case_set: CaseSet) -> None:
    wrong = quoted("who", sentence("crowns"))
    assert not compare(run_of(wrong), run_of(wrong), case_set).regressed
    better = compare(run_of(wrong), run_of(), case_set)
    assert not better.regressed and better.newly_passing == ("who",)


def test_a_baseline_of_another_set_or_version_is_refused(run_of: MakeRun, case_set: CaseSet) -> None:
    run = run_of()
    check_baseline(run, case_set)
    other = replace(run, set_name="bridge")
    edited = replace(run, fingerprints={**run.fingerprints, "set": "0" * 64})
    with pytest.raises(UsageError, match="of the set bridge"):
        check_baseline(other, case_set)
    with pytest.raises(UsageError, match="another version of the set"):
        check_baseline(edited, case_set)
    check_baseline(edited, case_set, accept=True)


def test_a_part_of_a_run_is_no_baseline(run_of: MakeRun, case_set: CaseSet) -> None:
    run = run_of()
    with pytest.raises(UsageError, match="each case of the set"):
        check_baseline(replace(run, results=run.results[:-1]), case_set)
    with pytest.raises(ValueError, match="one result for each case"):
        make_run(case_set, list(run.results[:-1]), dict(run.fingerprints))


def test_a_ranking_that_is_no_longer_given_is_a_break(run_of: MakeRun, case_set: CaseSet) -> None:
    comparison = compare(run_of(), run_of(replace(quoted("who", sentence("1887")), passages=None)), case_set)
    assert [(broken.id, broken.metric) for broken in comparison.breaks] == [("who", "hit@5")]


def test_a_follow_up_that_is_no_longer_understood_is_named_as_one(run_of: MakeRun, case_set: CaseSet) -> None:
    comparison = compare(run_of(), run_of(quoted("end", sentence("mayor"))), case_set)
    assert ("end", "follow_up") in [(broken.id, broken.metric) for broken in comparison.breaks]


def test_cases_that_left_the_set_are_told(run_of: MakeRun, case_set: CaseSet) -> None:
    run = run_of()
    smaller = replace(case_set, cases=case_set.cases[1:])
    comparison = compare(run, replace(run, results=run.results[1:]), smaller)
    assert comparison.removed == ("who",) and not comparison.added
