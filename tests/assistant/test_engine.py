"""The assistant on the bundled article, with everything real."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from assistant.abstention.deciding import confidence, measure
from assistant.calibration import load_calibration
from assistant.engine import Assistant, Search
from assistant.ranking import rank
from assistant.types import Answer, Turn
from assistant.understanding.question import analyse
from eval.cases import Case, load_set
from ingest.loading import bundled
from ingest.passages import SPLITTER_VERSION, split_passages
from vectorstore.embedding.embedder import Embedder
from vectorstore.errors import UsageError
from vectorstore.index import Index
from vectorstore.types import NOT_ANSWERS, Document, text_sha256

SET = Path(__file__).parents[2] / "eval" / "sets" / "origins.jsonl"
GULLS = """The gulls of Brill

Gulls nest on the roof of the Brill corn exchange every April. The caretaker, Ines Falk, counted 212 nests in 1998.
"""


@pytest.fixture(scope="module")
def assistant(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with Index.open(tmp_path_factory.mktemp("engine") / "index", embedder, splitter=SPLITTER_VERSION) as index:
        for loaded in bundled():
            index.upsert(loaded.document, split_passages(loaded.document, embedder))
        gulls = Document("gulls", "The gulls of Brill", GULLS, text_sha256(GULLS), "test")
        index.upsert(gulls, split_passages(gulls, embedder))
        yield Assistant(index)


def at_threshold(assistant: Assistant, threshold: float) -> Assistant:
    """The same assistant, which abstains below another confidence."""
    return Assistant(assistant.index, calibration=replace(load_calibration(), threshold=threshold))


@pytest.fixture(scope="module")
def outspoken(assistant: Assistant) -> Assistant:
    """Answers whatever it is asked."""
    return at_threshold(assistant, 0.0)


@pytest.fixture(scope="module")
def conversations(assistant: Assistant) -> list[tuple[Case, list[Turn]]]:
    """The tuning part of the bundled set, each case with its conversation."""
    out = []
    for case in load_set(SET).part("tuning"):
        turns: list[Turn] = []
        for question in (*case.history, case.question):
            turns.append(Turn(question, assistant.ask(question, turns)))
        out.append((case, turns))
    return out


@pytest.fixture(scope="module")
def answers(conversations: list[tuple[Case, list[Turn]]]) -> list[Answer]:
    return [turn.answer for _, turns in conversations for turn in turns]


def test_every_citation_is_exact(assistant: Assistant, answers: list[Answer]) -> None:
    cited = [(s, c) for answer in answers for s in answer.sentences for c in s.citations]
    assert len(cited) > 40
    for sentence, citation in cited:
        document = assistant.index.document(citation.document_id)
        assert document.text[citation.start : citation.end] == citation.quote
        assert document.sha256 == citation.sha256
        assert sentence.text == " ".join(citation.quote.split())
        for short in sentence.short_answers:
            assert document.text[short.start : short.end] == short.text
            assert citation.start <= short.start < short.end <= citation.end


def test_no_heading_or_caption_is_an_answer(assistant: Assistant, answers: list[Answer]) -> None:
    for answer in answers:
        for sentence in answer.sentences:
            citation = sentence.citations[0]
            passages = assistant.index.passages(citation.document_id)
            kinds = {p.kind for p in passages if p.start <= citation.start < p.end}
            assert not kinds & NOT_ANSWERS
            spans = [s for p in passages for s in p.sentences if s.start == citation.start]
            assert all(s.kind != "note" for s in spans)


def test_an_abstention_shows_no_sentence_and_its_closest_passages(answers: list[Answer]) -> None:
    abstentions = [answer for answer in answers if answer.abstained]
    assert abstentions
    for answer in abstentions:
        assert answer.sentences == ()
        assert answer.text == "Not in the source."
    assert all(len(answer.passages) == 10 for answer in answers)


def test_no_sentence_is_shown_twice_and_answers_are_short(answers: list[Answer]) -> None:
    for answer in answers:
        texts = [sentence.text for sentence in answer.sentences]
        assert len(set(texts)) == len(texts) <= 6


def test_the_ranking_is_best_first(answers: list[Answer]) -> None:
    for answer in answers:
        scores = [hit.score for hit in answer.passages]
        assert scores == sorted(scores, reverse=True)
        assert len({hit.passage.id for hit in answer.passages}) == len(scores)


def test_the_same_question_gives_the_same_answer(assistant: Assistant) -> None:
    history: list[Turn] = []
    first = assistant.ask("When did Lenin die?", history)
    history = [Turn("When did Lenin die?", first)]
    second = assistant.ask("And who led the party then?", history)
    assert assistant.ask("When did Lenin die?") == first
    assert assistant.ask("And who led the party then?", history) == second
    assert Assistant(assistant.index).ask("When did Lenin die?") == first


def test_most_names_dates_and_numbers_are_marked_in_the_answer(conversations: list[tuple[Case, list[Turn]]]) -> None:
    marked = [
        any(
            spelling in short.text
            for nugget in case.nuggets
            for spelling in nugget.accepted
            for sentence in turns[-1].answer.sentences
            for short in sentence.short_answers
        )
        for case, turns in conversations
        if case.kind in ("who", "when", "where", "how many") and not case.history
    ]
    assert len(marked) >= 20 and sum(marked) >= len(marked) / 2


def test_most_questions_about_something_else_are_not_in_the_source(
    conversations: list[tuple[Case, list[Turn]]],
) -> None:
    refused = [turns[-1].answer.abstained for case, turns in conversations if case.kind == "off topic"]
    assert len(refused) >= 9 and sum(refused) >= 0.7 * len(refused)


def test_a_follow_up_is_asked_in_two_wordings_and_looked_for_near_what_was_shown(outspoken: Assistant) -> None:
    first = outspoken.ask("When did Lenin die?")
    turns = [Turn("When did Lenin die?", first)]
    near = outspoken.near(turns)
    (cited, *_) = first.sentences[0].citations
    passages = outspoken.index.passages(cited.document_id)
    at = next(n for n, p in enumerate(passages) if p.start <= cited.start < p.end)
    assert {p.id for p in passages[at - 2 : at + 3]} <= near
    assert len(near) <= 5 * sum(len(s.citations) for s in first.sentences)
    answer = outspoken.ask("And who led the party then?", turns)
    assert len(answer.trace.wordings) == 2 and answer.trace.wordings[0] == answer.question
    assert len(outspoken.ask("Who led the Comintern?", turns).trace.wordings) == 1


def test_an_abstention_and_a_text_that_is_gone_leave_something_near_or_nothing(
    assistant: Assistant, outspoken: Assistant
) -> None:
    refused = at_threshold(assistant, 1.1).ask("What is the boiling point of ethanol?")
    assert refused.abstained
    assert refused.passages[0].passage.id in assistant.near([Turn("?", refused)])
    shown = outspoken.ask("How many nests did Ines Falk count?").sentences[0]
    gone = replace(shown, citations=(replace(shown.citations[0], document_id="removed"),))
    assert assistant.near([Turn("?", replace(refused, abstained=False, sentences=(gone,)))]) == frozenset()


@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_lying_near_does_not_make_it_surer(assistant: Assistant, place: int) -> None:
    question = "What happened in the end?"
    calibration = load_calibration()
    far = rank(analyse(question), [question], assistant.index, assistant.reader, calibration)
    near = rank(
        analyse(question), [question], assistant.index, assistant.reader, calibration, near={far[place].passage.id}
    )
    gained = next(p for p in near if p.passage.id == far[place].passage.id)
    assert gained.score == pytest.approx(far[place].score + calibration.policy.near)
    assert measure(near) == pytest.approx(measure(far))


def test_where_nothing_that_can_be_shown_was_read_nothing_is_sure(assistant: Assistant) -> None:
    ranking = rank(analyse("What happened?"), ["What happened?"], assistant.index, assistant.reader, load_calibration())
    bare = [replace(passage, sentences=()) for passage in ranking]
    assert confidence(measure(ranking), load_calibration()) > 0
    assert confidence(measure(bare), load_calibration()) == 0


def test_a_follow_up_seldom_shows_only_what_was_shown_before(conversations: list[tuple[Case, list[Turn]]]) -> None:
    again = []
    for _, turns in conversations:
        for before, after in pairwise(turn.answer for turn in turns):
            shown = {sentence.citations[0].start for sentence in after.sentences}
            again += [shown <= {sentence.citations[0].start for sentence in before.sentences}] if shown else []
    assert len(again) >= 30 and sum(again) <= 0.2 * len(again)


def test_only_the_chosen_documents_are_asked(outspoken: Assistant) -> None:
    answer = outspoken.ask("How many nests did Ines Falk count?", document_ids=["gulls"])
    assert {c.document_id for sentence in answer.sentences for c in sentence.citations} == {"gulls"}
    assert {hit.passage.document_id for hit in answer.passages} == {"gulls"}
    assert outspoken.ask("How many nests did Ines Falk count?", document_ids=[]).abstained


@pytest.mark.parametrize("question", ["", "   \n", "x" * 2_001, "a\ud800b"])
def test_a_question_that_cannot_be_asked_is_refused(assistant: Assistant, question: str) -> None:
    with pytest.raises(UsageError):
        assistant.ask(question)


@pytest.mark.parametrize("question", ["誰が", "the of and", "\x1b[31mred\x00", "[1] <script>", "who " * 400])
def test_strange_questions_are_answered_or_not_but_never_fail(assistant: Assistant, question: str) -> None:
    assert assistant.ask(question).passages


@pytest.mark.parametrize("said", ["?", "🙂🙂", "Thanks!", "Hello", "ok", "yes", "help", "Good morning!", "bye"])
def test_what_asks_nothing_is_not_answered_from_the_source(assistant: Assistant, said: str) -> None:
    answer = assistant.ask(said)
    assert (answer.was_asked, answer.abstained, answer.passages) == (False, True, ())
    assert answer.text == answer.said != ""


def test_markup_in_a_question_is_not_searched_for(assistant: Assistant) -> None:
    plain = assistant.ask("How many nests did Ines Falk count?")
    marked = assistant.ask("> **How many** [nests](https://a.example) did <b>Ines Falk</b> `count`?")
    assert (marked.searched_for, marked.trace) == (plain.question, plain.trace)
    assert marked.sentences == plain.sentences and marked.passages == plain.passages


def test_a_question_in_the_text_that_repeats_what_is_asked_is_not_its_answer(
    embedder: Embedder, tmp_path: Path
) -> None:
    lines = ["The pump", "What does the pump weigh?", "It weighs 40 kilograms.", "Who repairs it?", "Anders of Nidd."]
    text = "\n\n".join(lines)
    pump = Document("pump", "The pump", text, text_sha256(text), "test")
    with Index.open(tmp_path / "index", embedder, splitter=SPLITTER_VERSION) as index:
        index.upsert(pump, split_passages(pump, embedder))
        answer = Assistant(index).ask("What does the pump weigh?")
    assert [sentence.text for sentence in answer.sentences][:1] == ["It weighs 40 kilograms."]


def test_a_given_name_that_the_text_does_without_changes_nothing(assistant: Assistant) -> None:
    plain, given = (assistant.search(f"Who was {name}?").ranking for name in ("Zinoviev", "Mortimer Zinoviev"))
    assert [(p.passage.id, p.score) for p in given] == [(p.passage.id, p.score) for p in plain]
    assert assistant.ask("Who was Zinoviev Mortimer?").abstained


def test_an_empty_index_abstains(embedder: Embedder, tmp_path: Path) -> None:
    with Index.open(tmp_path / "index", embedder, splitter=SPLITTER_VERSION) as index:
        answer = Assistant(index).ask("Who was there?")
    assert answer.abstained and answer.passages == () and answer.confidence == 0.0


def test_a_question_that_stands_for_itself_has_the_same_answer_in_every_conversation(assistant: Assistant) -> None:
    alone = leaning = 0
    turns: list[Turn] = []
    for case in load_set(SET).part("tuning")[::2]:
        answer = assistant.ask(case.question, turns)
        if turns and assistant.turns_for(case.question, turns) == ():
            alone += 1
            assert assistant.ask(case.question) == answer
        elif turns:
            leaning += 1
            assert assistant.turns_for(case.question, turns) == tuple(turns)
        turns = [*turns, Turn(case.question, answer)][-3:]
    assert alone >= 10 and leaning >= 10


def test_a_document_that_is_replaced_while_it_is_asked_is_cited_as_it_is_now(
    embedder: Embedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Index.open(tmp_path / "index", embedder, splitter=SPLITTER_VERSION) as index:

        def store(text: str) -> None:
            gulls = Document("gulls", "The gulls of Brill", text, text_sha256(text), "test")
            index.upsert(gulls, split_passages(gulls, embedder))

        store(GULLS)
        asked = Assistant(index, calibration=replace(load_calibration(), threshold=0.0))
        search, changes = asked.search, [lambda: store("A new line stands first.\n\n" + GULLS), lambda: None]

        def search_and_change(*arguments: Any, **named: Any) -> Search:
            found = search(*arguments, **named)
            changes.pop(0)()
            return found

        monkeypatch.setattr(asked, "search", search_and_change)
        answer = asked.ask("How many nests did the caretaker count?")
        assert changes == [] and answer.sentences
        for sentence in answer.sentences:
            for citation in sentence.citations:
                document = index.document(citation.document_id)
                assert citation.sha256 == document.sha256
                assert document.text[citation.start : citation.end] == citation.quote
                assert sentence.text == " ".join(citation.quote.split())

        monkeypatch.setattr(asked, "search", search)
        changes += [lambda: index.delete("gulls"), lambda: None]
        monkeypatch.setattr(asked, "search", search_and_change)
        assert asked.ask("Where do gulls nest?").abstained


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("How did Trotsky persuade the Politburo to print the Platform of the 46?", "neither published"),
        ("Why did the Politburo publish Lenin's Testament?", "suppressed"),
    ],
)
def test_what_a_question_takes_for_granted_and_the_source_denies_is_corrected(
    assistant: Assistant, question: str, words: str
) -> None:
    answer = assistant.ask(question)
    assert answer.otherwise and not answer.abstained
    assert answer.text.startswith("The source says otherwise: ") and words in answer.text
    assert answer.confidence < load_calibration().threshold
    for citation in (c for sentence in answer.sentences for c in sentence.citations):
        assert assistant.index.document(citation.document_id).text[citation.start : citation.end] == citation.quote
    assert assistant.ask(question) == answer


def test_hardly_any_question_that_the_source_answers_is_questioned(
    conversations: list[tuple[Case, list[Turn]]],
) -> None:
    answers = [turns[-1].answer for case, turns in conversations if case.has_answer]
    assert sum(answer.otherwise for answer in answers) <= 0.03 * len(answers)


def test_a_part_of_a_question_is_answered_or_not_but_never_corrected(assistant: Assistant) -> None:
    answer = assistant.ask(
        "When did Lenin die, and why did Trotsky vote for making Chiang an honorary president of the Comintern?"
    )
    assert answer.parts and not answer.otherwise and "otherwise" not in answer.said
