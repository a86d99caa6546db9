"""Citation metrics on answers made by hand: exact, supporting, needed, gold, and of this very text."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eval.metrics.citation import (
    citation_precision,
    citation_recall,
    misattribution,
    quote_fidelity,
    sentence_support,
    span_f1,
    span_precision,
    span_recall,
    strict_response,
    structure_shown,
    uncited_sentences,
)
from eval.responses import Response, ResponseCitation, ResponseSentence
from tests.eval.conftest import SHA256, TEXT, sentence
from vectorstore.types import Document

PIER = Document("d", "Pier", TEXT, SHA256, "pier.txt")


def cite(words: str, **fields: object) -> ResponseCitation:
    start, end = sentence(words)
    return replace(ResponseCitation(start, end, TEXT[start:end], None, "d", SHA256), **fields)  # type: ignore[arg-type]


def answer(*said: ResponseSentence) -> Response:
    return Response("x", False, said)


def quote(words: str, *cited: ResponseCitation) -> ResponseSentence:
    return ResponseSentence(TEXT[slice(*sentence(words))], cited or (cite(words),))


REFUSAL = Response("x", True, ())


def test_a_quotation_must_stand_at_its_offsets_in_this_very_text() -> None:
    right, moved = quote("oak"), quote("oak", cite("oak", start=sentence("oak")[0] + 1))
    foreign, shifted = quote("oak", cite("oak", sha256="0" * 64)), quote("oak", cite("crowns", quote="It cost ten."))
    assert quote_fidelity(answer(right), PIER) == 1.0
    assert quote_fidelity(answer(right, moved, foreign, shifted), PIER) == 0.25


def test_a_quotation_beyond_the_end_or_of_nothing_is_not_exact() -> None:
    beyond = quote("1911", cite("1911", end=len(TEXT) + 1))
    empty = quote("1911", cite("1911", start=5, end=5, quote=""))
    assert quote_fidelity(answer(beyond, empty), PIER) == 0.0


def test_recall_counts_sentences_and_takes_their_citations_together() -> None:
    both = ResponseSentence("Anna Lund built the pier for nine thousand crowns.", (cite("1887"), cite("crowns")))
    alone = replace(both, citations=(cite("1887"),))
    assert citation_recall(answer(both), PIER) == 1.0
    assert citation_recall(answer(both, alone), PIER) == 0.5
    assert citation_recall(answer(replace(both, citations=())), PIER) == 0.0


def test_precision_counts_citations_that_are_needed() -> None:
    both = ResponseSentence("Anna Lund built the pier for nine thousand crowns.", (cite("1887"), cite("crowns")))
    assert citation_precision(answer(both), PIER) == 1.0, "neither is enough alone, both are needed"
    idle = quote("1911", cite("1911"), cite("crowns"))
    assert citation_precision(answer(idle), PIER) == 0.5, "the second adds nothing"
    wrong = quote("1911", cite("crowns"))
    assert citation_precision(answer(wrong), PIER) == 0.0


def test_misattribution_is_a_right_claim_with_a_wrong_pointer() -> None:
    right, wrong_pointer, wrong_claim = (
        quote("oak"),
        quote("1911", cite("crowns")),
        ResponseSentence("It sank.", (cite("oak"),)),
    )
    assert misattribution(answer(right), PIER) == 0.0
    assert misattribution(answer(wrong_pointer), PIER) == 1.0
    assert misattribution(answer(wrong_claim), PIER) == 0.0
    assert misattribution(answer(ResponseSentence("It sank.", ())), PIER) is None


def test_support_is_looked_for_anywhere_and_the_strict_score_where_cited() -> None:
    wrong_pointer, invented = quote("1911", cite("crowns")), ResponseSentence("It sank in 1920.", (cite("oak"),))
    assert sentence_support(answer(wrong_pointer, invented), PIER) == 0.5
    assert strict_response(answer(quote("oak"), quote("1911")), PIER) == 1.0
    assert strict_response(answer(quote("oak"), wrong_pointer), PIER) == 0.0


def test_uncited_sentences_and_structure_are_shares_of_sentences() -> None:
    response = answer(quote("oak"), ResponseSentence("It sank.", ()))
    assert uncited_sentences(response) == 0.5
    assert structure_shown(response, [sentence("oak")]) == 0.5
    start, end = sentence("oak")
    assert structure_shown(response, [(start, start + (end - start) // 2 - 1)]) == 0.0, "less than half is no heading"


def test_span_scores_count_characters_by_hand() -> None:
    response = answer(ResponseSentence("x", (ResponseCitation(0, 10, "x"), ResponseCitation(5, 20, "y"))))
    assert span_precision(response, [(10, 40)]) == 0.5
    assert span_recall(response, [(10, 40)]) == pytest.approx(1 / 3)
    assert span_f1(response, [(10, 40)]) == pytest.approx(2 * 10 / (20 + 30))


def test_a_citation_of_another_text_supports_nothing_and_is_no_gold() -> None:
    foreign = quote("oak", cite("oak", sha256="0" * 64, foreign=True))
    assert citation_recall(answer(foreign), PIER) == 0.0
    assert span_recall(answer(foreign), [sentence("oak")]) == 0.0
    assert span_precision(answer(foreign), [sentence("oak")]) is None
    assert structure_shown(answer(foreign), [sentence("oak")]) == 0.0


def test_an_abstention_leaves_all_but_recall_undefined() -> None:
    gold = [sentence("oak")]
    assert quote_fidelity(REFUSAL, PIER) is citation_recall(REFUSAL, PIER) is None
    assert citation_precision(REFUSAL, PIER) is strict_response(REFUSAL, PIER) is None
    assert misattribution(REFUSAL, PIER) is uncited_sentences(REFUSAL) is None
    assert sentence_support(REFUSAL, PIER) is structure_shown(REFUSAL, gold) is None
    assert span_precision(REFUSAL, gold) is None and span_recall(REFUSAL, []) is span_f1(REFUSAL, []) is None
    assert span_recall(REFUSAL, gold) == span_f1(REFUSAL, gold) == 0.0
