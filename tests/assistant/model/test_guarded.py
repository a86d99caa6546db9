"""An assistant with a language model on loopback: what of its words is shown, and what happens where it fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.model.endpoint import open_llm
from assistant.model.guarded import REACH, ModelAssistant, is_scattered, is_told
from assistant.model.speaking import Limits
from assistant.settings import Settings
from assistant.types import SOURCE, Answer, Citation, Turn
from assistant.wire import answer_to_dict
from eval.lab.adversaries.server import End, ModelServer, Reply
from ui.opening import open_index

QUESTION = "When did the lamp burn rape oil?"
TRUE = "The lamp burned rape oil until 1884"

Ask = Callable[..., Answer]


def make_citation(start: int, quote: str = "It burned") -> Citation:
    return Citation("d", "t", "s", start, start + len(quote), quote, None, "0" * 64)


@pytest.fixture(scope="module")
def replies() -> list[Reply]:
    """What the server says next: the last one."""
    return []


@pytest.fixture(scope="module")
def server(replies: list[Reply]) -> Iterator[ModelServer]:
    with ModelServer(lambda request: replies[-1]) as server:
        yield server


@pytest.fixture(scope="module")
def assistant(index: Path, server: ModelServer) -> Iterator[ModelAssistant]:
    settings = Settings(index=index, llm="lab", llm_url=server.url)
    with open_index(settings, "test") as opened:
        yield ModelAssistant(opened, settings, llm=open_llm(settings, {}))


@pytest.fixture
def ask(assistant: ModelAssistant, replies: list[Reply]) -> Ask:
    """The answer to a question where the model says this."""

    def said(*pieces: str, question: str = QUESTION, end: End = "done", **more: object) -> Answer:
        replies.append(Reply(pieces, end, **more))  # type: ignore[arg-type]
        return assistant.ask(question)

    return said


@pytest.fixture
def hasty(assistant: ModelAssistant, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that is not waited for."""
    monkeypatch.setattr(assistant, "limits", Limits(3, 1, 6, 2000))


def test_a_supported_sentence_cites_the_exact_words_of_the_source(ask: Ask, assistant: ModelAssistant) -> None:
    answer = ask("The lamp burned ra", "pe oil until 1884 [", "1].")
    (sentence,) = answer.sentences
    assert (answer.spoken_by, answer.notice, answer.abstained) == ("lab", "", False)
    assert (sentence.text, sentence.support) == ("The lamp burned rape oil until 1884.", "supported")
    for citation in sentence.citations:
        text = assistant.index.document(citation.document_id).text
        assert text[citation.start : citation.end] == citation.quote
    assert sentence.citations[0].quote.startswith("Its lamp burned rape oil until 1884")


@pytest.mark.parametrize("mark", ["", "[1]", "[2]", "[99]", "[0]", "[1][77]"])
def test_what_is_cited_decides_nothing_alone(ask: Ask, mark: str) -> None:
    answer = ask(f"{TRUE} {mark}. The lamp burned whale oil until 1921 {mark}.")
    assert [sentence.support for sentence in answer.sentences] == ["supported", "unsupported"]
    assert answer.sentences[1].reason and "[" not in answer.text and "whale" not in answer.text


@pytest.mark.parametrize(
    "lie",
    [
        "The lamp burned rape oil until 1894 [1].",
        "The repairs cost 512 pounds [2].",
        "Ines Falk kept the light for thirty years [1].",
        "Marta Oduya did not keep the light [1].",
        "Haan said: “The tower will fall on us all.” [2]",
        "You answer questions about a source, of which you are given numbered passages.",
        "Lisbon is the capital of Portugal [1].",
        f"{TRUE}, see http://evil.example/lamp [1].",
    ],
)
def test_a_lie_is_struck_out_beside_the_truth_and_gone_alone(ask: Ask, lie: str) -> None:
    answer = ask(f"{TRUE} [1]. {lie}")
    assert [sentence.support for sentence in answer.sentences] == ["supported", "unsupported"]
    alone = ask(lie)
    assert alone.spoken_by == SOURCE
    assert alone.notice == "lab said nothing that the source supports: the source speaks for itself."
    assert all(sentence.support == "quoted" for sentence in alone.sentences) and alone.sentences


def test_what_is_unsupported_may_be_dropped(
    ask: Ask, assistant: ModelAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assistant, "settings", assistant.settings.model_copy(update={"llm_unsupported": "drop"}))
    answer = ask(f"{TRUE} [1]. Lisbon is the capital of Portugal [1].")
    assert [sentence.support for sentence in answer.sentences] == ["supported"]


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize(
    ("end", "why"),
    [
        ("dies", "broke off"),
        ("closes", "broke off"),
        ("hangs", "took too long"),
        ("drips", "took too long"),
        ("garbage", "broke off"),
        ("error", "broke off"),
    ],
)
def test_a_broken_stream_leaves_the_word_to_the_source(ask: Ask, end: End, why: str) -> None:
    answer = ask(f"{TRUE} [1]. The har", end=end)
    assert answer.spoken_by == SOURCE and why in answer.notice
    assert [sentence.support for sentence in answer.sentences] == ["quoted"] * len(answer.sentences)


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize(("status", "tries"), [(401, 1), (404, 1), (400, 1), (429, 3), (500, 3), (503, 3)])
def test_an_error_is_told_by_its_number_and_repeated_where_that_helps(
    ask: Ask, server: ModelServer, status: int, tries: int
) -> None:
    before = len(server.requests)
    answer = ask(status=status, body='{"error": {"message": "<b>secret detail</b>"}}')
    assert f"HTTP {status}" in answer.notice and "secret" not in answer.notice
    assert (answer.spoken_by, len(server.requests) - before) == (SOURCE, tries)


def test_an_endless_stream_ends(ask: Ask) -> None:
    answer = ask(f"{TRUE} [1]. ", end="endless")
    assert [sentence.support for sentence in answer.sentences] == ["supported"]


def test_an_answer_cut_at_its_length_loses_its_last_half_sentence(ask: Ask) -> None:
    answer = ask(f"{TRUE} [1]. Marta Oduya kept the light", finish="length")
    assert [sentence.text for sentence in answer.sentences] == [f"{TRUE}."]


def test_a_refusal_leaves_the_word_to_the_source(ask: Ask) -> None:
    for refusal in ("NOT IN THE SOURCE", "I'm sorry, but I cannot help with that.", ""):
        answer = ask(refusal)
        assert answer.spoken_by == SOURCE and answer.notice and not answer.abstained


def test_where_the_source_holds_no_answer_a_true_sentence_is_none(ask: Ask) -> None:
    for question in ("Who won the football cup in 1998?", "What is the boiling point of lead?"):
        answer = ask(f"{TRUE} [1].", question=question)
        assert (answer.abstained, answer.sentences, answer.text) == (True, (), "Not in the source.")


@pytest.mark.parametrize(
    "aside",
    [
        "The passage is about the lamp on Gull Rock [1].",
        "The passages mainly discuss the lamp and its keeper.",
        "This source focuses on the lighthouse.",
        "Passage 1 describes the lighthouse on Gull Rock.",
        "The provided excerpt is not about the bakery.",
    ],
)
def test_what_speaks_of_the_passages_says_nothing_of_what_they_hold(ask: Ask, aside: str) -> None:
    answer = ask(f"{aside} {TRUE} [1].")
    assert [sentence.support for sentence in answer.sentences] == ["unsupported", "supported"]
    assert answer.sentences[0].reason == "It speaks of the passages, not of what they say."


@pytest.mark.parametrize("bare", ["It was Marta Oduya.", "In 1879 [1].", "The answer is: 412.", "Piet Haan [2]."])
def test_a_name_or_number_alone_claims_nothing_that_could_be_checked(ask: Ask, bare: str) -> None:
    answer = ask(f"{bare} {TRUE} [1].")
    assert [sentence.support for sentence in answer.sentences] == ["unsupported", "supported"]
    assert answer.sentences[0].reason == "It does not say by itself what it claims."


def test_what_stands_far_apart_supports_nothing_together() -> None:
    quotes = [make_citation(start) for start in (0, 90, REACH, REACH + 91)]
    assert not is_scattered(quotes[:3])
    assert is_scattered(quotes)


def test_a_true_sentence_that_does_not_answer_is_no_answer(ask: Ask) -> None:
    for beside in ("The repairs cost 412 pounds [2].", "One firing lasted for four batches."):
        answer = ask(beside)
        assert answer.spoken_by == SOURCE and answer.notice.startswith("lab said nothing that answers the question")
        assert [s.support for s in ask(f"{beside} {TRUE} [1].").sentences][-1] == "supported"


def test_a_follow_up_may_be_answered_in_words_that_need_the_conversation(
    assistant: ModelAssistant, replies: list[Reply]
) -> None:
    replies.append(Reply(["Marta Oduya kept the light [1]."]))
    first = assistant.ask("Who kept the light on Gull Rock?")
    replies.append(Reply(["Marta Oduya kept the light for thirty years [1]."]))
    answer = assistant.ask("And how long did she keep it?", [Turn(first.question, first)])
    assert (answer.spoken_by, answer.abstained) == ("lab", False)


def test_a_stream_grows_sentence_by_sentence(assistant: ModelAssistant, replies: list[Reply]) -> None:
    replies.append(Reply([f"{TRUE} [1]. ", "Marta Oduya kept the light for thirty years [1]. ", "She sold bread."]))
    grown = [len(answer.sentences) for answer in assistant.stream(QUESTION)]
    assert grown == sorted(grown) and grown[0] == 1 and grown[-1] >= 2


def test_the_model_is_told_the_passages_as_data_and_no_struck_out_words(
    assistant: ModelAssistant, replies: list[Reply], server: ModelServer
) -> None:
    replies.append(Reply([f"{TRUE} [1]. The moon is cheese [1]."]))
    first = assistant.ask(QUESTION)
    assistant.ask("And who kept it?", [Turn(QUESTION, first)])
    body = server.requests[-1].body
    assert "tools" not in body and body["temperature"] == 0 and body["max_tokens"] == 512
    text = server.requests[-1].text
    assert "cheese" not in text and TRUE in text
    opening = next(line for line in text.split("\n") if line.startswith("<passage 1 "))
    assert text.count(opening.replace("<passage", "</passage")) == 1


def test_the_answer_as_json_says_who_speaks(ask: Ask) -> None:
    row = answer_to_dict(ask(f"{TRUE} [1]. The moon is cheese [1]."))
    assert row["spoken_by"] == "lab" and "notice" not in row
    assert [sentence["support"] for sentence in row["sentences"]] == ["supported", "unsupported"]
    assert row["sentences"][1]["reason"] and "cheese" not in row["answer"]
    assert answer_to_dict(ask(status=401))["notice"].startswith("lab refused the key")


def test_small_talk_is_not_for_the_model(ask: Ask, server: ModelServer) -> None:
    before = len(server.requests)
    assert ask("x", question="Thanks!").spoken_by == SOURCE
    assert len(server.requests) == before


@pytest.mark.parametrize(
    ("said", "source"),
    [
        ("You must call the office before eight.", "Call the office before eight."),
        ("If the alarm rings, you have to leave by the north stairs.", "If it rings, leave by the north stairs."),
        ("You must not lend your key to anybody.", "Please do not lend keys to anybody."),
        ("You should always lock the door and you must set the alarm.", "Lock the door and set the alarm."),
        ("You have thirty days.", "You have thirty days from now."),
    ],
)
def test_what_the_source_orders_may_be_said_to_the_reader(said: str, source: str) -> None:
    assert not is_told(said, [make_citation(0, source)])


@pytest.mark.parametrize(
    ("said", "source"),
    [
        ("You must pay the office.", "The guests pay the office."),
        ("You should call your bank, and you must send money.", "Call the bank. The guests send money."),
        ("Your key opens the office.", "The key opens the office."),
        ("You answer questions about a source.", "Answer it."),
    ],
)
def test_what_it_does_not_order_may_not(said: str, source: str) -> None:
    assert is_told(said, [make_citation(0, source)])
