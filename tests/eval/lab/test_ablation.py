"""What each part is worth: questions asked as changes of topic."""

from __future__ import annotations

from pathlib import Path

from assistant.understanding.conversation import leans_back
from eval.cases import load_set
from eval.lab.ablation import switched

SETS = Path(__file__).parents[3] / "eval" / "sets"


def test_questions_that_stand_alone_follow_conversations_of_the_same_part() -> None:
    cases = load_set(SETS / "origins.jsonl").part("tuning")
    changed = switched(cases)
    alone = {case.question for case in cases if not case.history}
    conversations = {(*case.history, case.question) for case in cases if case.history}
    assert len(changed) > 40 and len({case.history for case in changed}) > 10
    for case in changed:
        assert case.question in alone and not leans_back(case.question)
        assert case.history in conversations and case.kind == "topic switch"
    assert changed == switched(cases) and changed != switched(cases, seed=1)
