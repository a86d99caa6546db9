"""An answer is right or wrong for the reason that is named, and what has no value is undefined."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eval.cases import Case, CaseSet
from eval.judge import RANKING, Article, judge, read_article
from eval.metrics.registry import METRICS
from eval.responses import Response, ResponseSentence
from tests.eval.conftest import SHA256, TEXT, quoted, refusal, sentence
from vectorstore.embedding.embedder import Embedder
from vectorstore.types import Document, text_sha256


@pytest.fixture
def case(case_set: CaseSet) -> dict[str, Case]:
    return {one.id: one for one in case_set.cases}


def test_right_answers_and_right_refusals_pass(
    case: dict[str, Case], article: Article, responses: dict[str, Response]
) -> None:
    results = [judge(case[id], response, article) for id, response in responses.items()]
    assert all(result.passed and not result.failed and result.measures["passed"] == 1.0 for result in results)


def test_every_metric_of_a_single_case_is_measured(case: dict[str, Case], article: Article) -> None:
    result = judge(case["who"], quoted("who", sentence("1887")), article)
    assert set(result.measures) == {metric.name for metric in METRICS if not metric.of_set}


def test_a_wrong_answer_says_what_is_wrong(case: dict[str, Case], article: Article) -> None:
    right = quoted("said", sentence("oak"), speaker="Peter Vass")
    cited = right.sentences[0].citations[0]

    def failed(response: Response) -> set[str]:
        return set(judge(case[response.id], response, article).failed)

    assert failed(quoted("who", sentence("crowns"))) == {"nuggets_vital"}
    assert failed(refusal("who")) == {"answered", "nuggets_vital"}
    assert failed(quoted("wife", sentence("mayor"))) == {"refused"}
    assert failed(quoted("said", sentence("oak"), speaker="Anna Lund")) == {"speaker", "voice_error"}
    inexact = replace(right, sentences=(ResponseSentence(right.text, (replace(cited, end=cited.end - 1),)),))
    assert failed(inexact) == {"quote_fidelity"}
    bare = replace(right, sentences=(ResponseSentence(right.text, ()),))
    assert {"uncited", "citation_recall"} <= failed(bare)


def test_a_heading_shown_as_an_answer_is_wrong(case: dict[str, Case], article: Article) -> None:
    headed = replace(article, structure=(sentence("1887"),))
    assert judge(case["who"], quoted("who", sentence("1887")), headed).failed == ("structure_shown",)


def test_what_a_question_without_an_answer_cannot_have_is_undefined(case: dict[str, Case], article: Article) -> None:
    measures = judge(case["wife"], quoted("wife", sentence("mayor")), article).measures
    for name in ("hit@1", "mrr", "nuggets_vital", "short_f1", "span_f1", "answered", "follow_up", "speaker"):
        assert measures[name] is None, name
    assert measures["refused"] == 0.0 and measures["quote_fidelity"] == 1.0


def test_an_abstention_shows_no_fact_and_cites_no_gold(case: dict[str, Case], article: Article) -> None:
    measures = judge(case["who"], refusal("who"), article).measures
    assert measures["nuggets_vital"] == measures["span_recall"] == measures["answered"] == 0.0
    assert measures["quote_fidelity"] is measures["citation_recall"] is measures["strict_response"] is None


def test_without_a_ranking_retrieval_is_undefined(case: dict[str, Case], article: Article) -> None:
    result = judge(case["who"], quoted("who", sentence("1887"), passages=None), article)
    assert result.passages is None and result.passed
    assert all(result.measures[name] is None for name in ("hit@1", "hit@5", "recall@10", "mrr", "ndcg@10"))


def test_ten_passages_are_judged_and_kept(case: dict[str, Case], article: Article) -> None:
    late = ((0, 0),) * RANKING + (sentence("1887"),)
    result = judge(case["who"], quoted("who", sentence("1887"), passages=late), article)
    assert result.passages == late[:RANKING] and result.measures["recall@10"] == result.measures["mrr"] == 0.0


def test_a_follow_up_is_measured_against_its_other_wordings(case: dict[str, Case], article: Article) -> None:
    gold, other = (sentence("1911"),), (sentence("oak"),)
    measures = judge(case["end"], quoted("end", gold[0]), article, standalone=gold, raw=other).measures
    assert (measures["follow_up"], measures["standalone"], measures["raw"]) == (1.0, 1.0, 0.0)
    unasked = judge(case["end"], quoted("end", gold[0]), article).measures
    assert unasked["standalone"] is unasked["raw"] is None


def test_a_topic_switch_is_measured_by_what_it_drags_along(case: dict[str, Case], article: Article) -> None:
    switch = replace(case["end"], kind="topic switch", question="What became of the mayor?")
    dragged = quoted("end", sentence("1911"), searched_for="What became of the mayor of the pier?")
    clean = quoted("end", sentence("1911"), searched_for="What became of the mayor?")
    assert judge(switch, dragged, article).measures["carried_over"] == 1.0
    assert judge(switch, clean, article).measures["carried_over"] == 0.0
    untold = quoted("end", sentence("1911"), searched_for=None)
    assert judge(switch, untold, article).measures["carried_over"] is None
    assert judge(switch, clean, article).measures["follow_up"] is None


def test_the_marked_words_are_the_short_answer(case: dict[str, Case], article: Article) -> None:
    whole = quoted("who", sentence("1887"))
    marked = replace(whole, sentences=(replace(whole.sentences[0], short_answers=("by Anna Lund",)),))
    measures = judge(case["who"], marked, article).measures
    assert measures["short_em"] == 0.0 and measures["short_f1"] == pytest.approx(0.8)
    assert judge(case["who"], whole, article).measures["short_f1"] is None, "nothing is marked"


def test_a_result_keeps_words_only_where_they_are_not_the_text_s(case: dict[str, Case], article: Article) -> None:
    whole = quoted("who", sentence("1887"))
    (shown,) = judge(case["who"], whole, article).sentences
    assert shown.text is None and shown.citations[0].quote is None
    spaced = replace(whole, sentences=(ResponseSentence(whole.text.replace(" ", "\n"), whole.sentences[0].citations),))
    assert judge(case["who"], spaced, article).sentences[0].text is None
    claimed = replace(whole.sentences[0].citations[0], quote="Anna Lund built it.")
    (shown,) = judge(
        case["who"], replace(whole, sentences=(ResponseSentence("She did.", (claimed,)),)), article
    ).sentences
    assert (shown.text, shown.citations[0].quote) == ("She did.", "Anna Lund built it.")


def test_the_article_is_read_as_ingest_reads_it(embedder: Embedder) -> None:
    text = f"# The pier\n\n{TEXT}\n"
    article = read_article(Document("d", "Pier", text, text_sha256(text), "pier.md", "markdown"), embedder)
    assert [text[slice(*span)] for span in article.structure] == ["# The pier"]
    assert " ".join(text[slice(*span)] for span in article.sentences) == TEXT
    assert text_sha256(TEXT) == SHA256


def test_an_answer_that_shows_nothing_is_no_answer(case: dict[str, Case], article: Article) -> None:
    empty = replace(quoted("who", sentence("1887")), sentences=())
    result = judge(case["who"], empty, article)
    assert not result.passed and result.measures["answered"] == 0.0


def test_a_case_without_facts_wants_its_evidence_cited(case: dict[str, Case], article: Article) -> None:
    bare = replace(case["who"], nuggets=())
    assert judge(bare, quoted("who", sentence("1887")), article).passed
    assert judge(bare, quoted("who", sentence("crowns")), article).failed == ("span_recall",)


def test_passages_far_outside_the_text_cost_nothing(case: dict[str, Case], article: Article) -> None:
    far = replace(quoted("who", sentence("1887")), passages=((10**12, 2 * 10**12),))
    assert judge(case["who"], far, article).measures["hit@5"] == 0.0
