"""The sets of the repository hold what they promise: facts that stand in their evidence, whole sentences, conversations
that can be followed, and nothing of a text that is not ours to publish."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from eval.cases import ANSWERABLE, Case, CaseSet, load_set
from eval.metrics.answer import normalised, nugget_recall
from ingest.loading import bundled, load_file
from ingest.passages import sentence_spans
from ingest.structure import find_structure
from tests.eval.conftest import TEXT, sentence
from vectorstore.errors import UsageError
from vectorstore.types import NOT_ANSWERS, Document, Span

SETS = Path(__file__).parents[2] / "eval" / "sets"
NAMES = ("origins", "original")
FOLLOW_UPS = ("pronoun", "ellipsis", "yes")
SORTS = {"near miss": ("unanswerable",), "false premise": ("false premise",), "off topic": ("out of domain",)}
"""What a case of these kinds is; of every other it is answerable, at least in part."""
ALONE = ("who", "when", "where", "how many", "what", "why", "who-said", "list")
LONGEST_CONVERSATION = 5
LONGEST_FACT = 6
"""In words: what is longer is a sentence, or part of one."""
COPIED = 7
"""So many words in a row that the text has too are copied from it."""
ORIGINAL = os.environ.get("ATTEST_ORIGINAL_ARTICLE")

with_the_original = pytest.mark.skipif(not ORIGINAL, reason="ATTEST_ORIGINAL_ARTICLE names no file")


def article(name: str) -> Document:
    if name == "original":
        return load_file(Path(ORIGINAL or "")).document
    (document,) = [loaded.document for loaded in bundled()]
    return document


def answers(document: Document) -> set[Span]:
    """The sentences that may be shown as an answer, as the ingest step finds them."""
    blocks = sentence_spans(document.text, find_structure(document.text, document.format))
    return {(span.start, span.end) for block in blocks for span in block if span.kind not in {*NOT_ANSWERS, "note"}}


def absent_facts(case: Case, text: str) -> list[str]:
    """The facts that do not stand in the evidence in any accepted spelling."""
    evidence = " ".join(text[start:end] for start, end in case.evidence)
    return [n.accepted[0] for n in case.nuggets if nugget_recall((n,), evidence, strict=True, vital=False) != 1.0]


def cut_evidence(case: Case, sentences: set[Span]) -> list[Span]:
    return [span for span in case.evidence if span not in sentences]


def lost_turns(cases: Sequence[Case]) -> list[str]:
    """Turns whose history is not that of the turn before, and conversations that are too long."""
    turns = {(case.conversation, case.question): case for case in cases}
    lost = []
    for case in cases:
        before = turns.get((case.conversation, case.history[-1])) if case.history else None
        broken = before is not None and before.history != case.history[:-1]
        if broken or len(case.history) >= LONGEST_CONVERSATION or case.question in case.history:
            lost.append(case.id)
    return lost


def plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", normalised(text)))


def copied(words: str, text: str) -> list[str]:
    """The runs of words that stand in the text, made plain, too."""
    said = plain(words).split()
    runs = (" ".join(said[at : at + COPIED]) for at in range(len(said) - COPIED + 1))
    return [run for run in runs if f" {run} " in f" {text} "]


def written(case: Case) -> Iterable[str]:
    yield from (case.question, *case.history, case.standalone or "")
    for nugget in case.nuggets:
        yield from nugget.accepted


@pytest.fixture(scope="module", params=NAMES)
def shipped(request: pytest.FixtureRequest) -> CaseSet:
    return load_set(SETS / f"{request.param}.jsonl")


@pytest.fixture(params=["origins", pytest.param("original", marks=with_the_original)])
def read(request: pytest.FixtureRequest) -> tuple[CaseSet, Document]:
    """A set with its text."""
    return load_set(SETS / f"{request.param}.jsonl"), article(request.param)


def test_both_parts_hold_every_sort_of_case(shipped: CaseSet) -> None:
    for part in ("tuning", "sealed"):
        kinds = Counter(case.kind for case in shipped.part(part))
        assert sum(kinds[kind] for kind in FOLLOW_UPS) >= 20 and kinds["topic switch"] >= 4, part
        assert kinds["near miss"] >= 10 and kinds["false premise"] >= 4 and kinds["off topic"] >= 4, part
        assert all(kinds[kind] for kind in (*FOLLOW_UPS, *ALONE)), (part, kinds)
    assert {case.kind for case in shipped.cases} == {
        *FOLLOW_UPS, *ALONE, "topic switch", "near miss", "false premise", "off topic",
    }  # fmt: skip


def test_a_set_is_as_large_as_it_has_to_be(shipped: CaseSet) -> None:
    follow_ups = [case for case in shipped.cases if case.kind in FOLLOW_UPS]
    unanswered = [case for case in shipped.cases if case.answerable in ("unanswerable", "out of domain")]
    assert len(shipped.cases) >= 150 and len(follow_ups) >= 40 and len(unanswered) >= 40
    assert all(case.history and case.has_answer for case in follow_ups)
    assert {len(case.history) for case in shipped.cases if case.history and case.has_answer} == {1, 2, 3, 4}
    assert 2 * sum(case.kind == "near miss" for case in unanswered) >= len(unanswered)
    assert sum(case.answerable == "false premise" for case in shipped.cases) >= 10


def test_the_sealed_part_of_the_original_can_be_measured() -> None:
    sealed = load_set(SETS / "original.jsonl").part("sealed")
    assert sum(case.has_answer for case in sealed) >= 110 and sum(not case.has_answer for case in sealed) >= 50
    assert sum(case.kind in FOLLOW_UPS for case in sealed) >= 30


def test_kind_and_answerable_agree(shipped: CaseSet) -> None:
    for case in shipped.cases:
        assert case.answerable in SORTS.get(case.kind, ANSWERABLE), case.id
        assert case.has_answer == any(nugget.vital for nugget in case.nuggets), case.id
        assert case.kind != "who-said" or case.speaker, case.id


def test_every_follow_up_has_a_standalone_wording(shipped: CaseSet) -> None:
    for case in shipped.cases:
        assert bool(case.standalone) == bool(case.history), case.id
        if case.kind in FOLLOW_UPS:
            assert case.standalone != case.question, case.id
        if case.kind == "topic switch":
            assert case.standalone == case.question, case.id


def test_conversations_can_be_followed(shipped: CaseSet) -> None:
    assert not lost_turns(shipped.cases)


def test_no_question_is_asked_twice(shipped: CaseSet) -> None:
    asked = Counter((case.history, normalised(case.question)) for case in shipped.cases)
    assert asked.most_common(1)[0][1] == 1
    questions = {
        part: {normalised(case.standalone or case.question) for case in shipped.part(part)}
        for part in ("tuning", "sealed")
    }
    assert not questions["tuning"] & questions["sealed"]


def test_facts_are_names_dates_and_short_phrases(shipped: CaseSet) -> None:
    for case in shipped.cases:
        for nugget in case.nuggets:
            assert all(len(spelling.split()) < LONGEST_FACT for spelling in nugget.accepted), case.id


def test_the_evidence_is_whole_sentences_in_order(read: tuple[CaseSet, Document]) -> None:
    case_set, document = read
    case_set.check_article(document, document.title)
    sentences = answers(document)
    for case in case_set.cases:
        assert not cut_evidence(case, sentences), case.id
        assert list(case.evidence) == sorted(set(case.evidence)), case.id


def test_the_facts_stand_in_the_evidence(read: tuple[CaseSet, Document]) -> None:
    case_set, document = read
    for case in case_set.cases:
        assert not absent_facts(case, document.text), case.id


def test_speakers_stand_in_the_text(read: tuple[CaseSet, Document]) -> None:
    case_set, document = read
    assert all(case.speaker in document.text for case in case_set.cases if case.speaker)


@with_the_original
def test_no_words_of_the_original_are_published() -> None:
    text = plain(article("original").text)
    for case in load_set(SETS / "original.jsonl").cases:
        assert not [run for words in written(case) for run in copied(words, text)], case.id


def test_the_original_set_refuses_another_text_politely() -> None:
    case_set, other = load_set(SETS / "original.jsonl"), article("origins")
    with pytest.raises(UsageError, match="another text") as caught:
        case_set.check_article(other, "other.md")
    said = str(caught.value)
    assert "other.md" in said and "--article" in said and "\n" not in said


def test_the_checks_notice_what_they_look_for(case_set: CaseSet) -> None:
    who, _, end, *_ = case_set.cases
    (start, stop) = sentence("1887")
    assert not absent_facts(who, TEXT) and not cut_evidence(who, {(start, stop)})
    assert absent_facts(replace(who, evidence=(sentence("crowns"),)), TEXT) == ["Anna Lund"]
    assert cut_evidence(replace(who, evidence=((start, stop - 1),)), {(start, stop)})
    assert not lost_turns([who, end])
    assert lost_turns([who, replace(end, history=(who.question, "Why?", "Where?", "How?", "When?"))]) == ["end"]
    middle = replace(end, id="middle", history=(who.question,), question="Why?")
    assert lost_turns([who, middle, replace(end, history=(who.question, "Where?", "Why?"))]) == ["end"]
    assert copied("So it WAS built in 1887 by Anna Lund?", plain(TEXT)) == ["was built in 1887 by anna lund"]
    assert not copied("Was the pier at Holm built in 1887?", plain(TEXT))
