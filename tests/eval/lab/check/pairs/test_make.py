"""Pairs made of a small text: what each generator changes, and what it leaves alone."""

import random
import re
from collections.abc import Callable

import pytest

from eval.lab.check.pairs import meaning, people, shape, values
from eval.lab.check.pairs.article import Article, Sentence
from eval.lab.check.pairs.make import GENERATORS, Make, pairs_of
from vectorstore.types import Document, text_sha256

TEXT = """\
Ada Reyes founded the harbour school in 1887. She was not paid for the work. The school had 2,140 pupils when \
the war began. Reyes died on 3 May 1911, after the third session, in Torsay.

In 1902 Ada Reyes defeated Per Lund in a vote, which nobody had expected. According to Lund, all the ballots \
were counted twice. The council was probably divided. Some members of the old town council were against the \
plan, although the mayor supported it. The old pier was built by Jonas Wehr in 1854.

Per Lund said that the bridge was unsafe. The ferry carried nineteen people from Torsay to Nidd. In 1920, the \
ferry was sold to the town. The ferry is allowed to sail every day unless the wind is too strong. Jonas Wehr \
denied that the plans were ever shown to the council."""


@pytest.fixture(scope="module")
def article() -> Article:
    return Article.of(Document("a", "The harbour", TEXT, text_sha256(TEXT), "test:a"))


def made(article: Article, make: Make, words: str) -> str | None:
    sentence = next(s for s in article.sentences if words in s.text)
    result = make(sentence, article, random.Random(1))
    return result if result is None or isinstance(result, str) else result[0]


@pytest.mark.parametrize(
    ("make", "words", "pattern"),
    [
        (values.wrong_number, "2,140", r"had (?!2,140)[\d,]+ pupils"),
        (values.wrong_number, "nineteen", r"carried (?!nineteen)[a-z-]+ people"),
        (values.wrong_date, "1887", r"in (?!1887)1[89]\d\d\."),
        (values.wrong_order, "third session", r"the (?!third)\w+ session"),
        (meaning.negated, "was sold", r"ferry was (?:not|never) sold"),
        (meaning.affirmed, "not paid", r"She was paid"),
        (meaning.hedge_dropped, "probably", r"council was divided"),
        (meaning.opposite, "against the plan", r"the mayor opposed it"),
        (meaning.other_amount, "ballots", r"none of the ballots"),
        (people.swapped_roles, "defeated", r"^In 1902 Per Lund defeated Ada Reyes"),
        (people.swapped_ends, "from Torsay", r"from Nidd to Torsay"),
        (people.other_speaker, "unsafe", r"^(?:Jonas Wehr|Ada Reyes) said that the bridge"),
        (shape.condition_cut, "unless", r"^The ferry is allowed to sail every day\.$"),
        (shape.denial_cut, "denied", r"^The plans were ever shown"),
        (values.number_form, "nineteen", r"carried 19 people"),
        (values.date_form, "3 May 1911", r"May 3, 1911,|the 3rd of May 1911|1911-05-03"),
        (values.rounded, "2,140", r"about 2,100 pupils"),
        (meaning.contracted, "not paid", r"wasn[’']t paid"),
        (shape.reordered, "In 1920", r"^The ferry was sold to the town in 1920\.$"),
        (shape.turned_voice, "Jonas Wehr in 1854", r"^Jonas Wehr built the old pier in 1854\.$"),
        (shape.compressed, "although", r"^Some members of the old town council were against the plan\.$"),
    ],
)
def test_a_generator_changes_what_it_says(article: Article, make: Make, words: str, pattern: str) -> None:
    claim = made(article, make, words)
    assert claim is not None and re.search(pattern, claim), claim


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (values.wrong_number, "in 1887"),
        (values.wrong_unit, "nineteen"),
        (meaning.negated, "not paid"),
        (people.swapped_roles, "died on"),
        (shape.condition_cut, "Some members"),
        (meaning.hedge_added, "probably"),
    ],
)
def test_a_generator_gives_nothing_where_the_label_would_be_in_doubt(article: Article, make: Make, words: str) -> None:
    assert made(article, make, words) is None


def test_places_are_those_of_the_sentence_and_another_place_is_cited_for_a_wrong_citation(article: Article) -> None:
    pairs = pairs_of(article, each=2)
    for pair in pairs:
        start, end = pair.places[0]
        assert article.document.text[start:end] == pair.sentence
    wrong = [pair for pair in pairs if pair.kind == "wrong place cited"]
    assert wrong and all(p.cited and p.cited not in p.places and p.claim == p.sentence for p in wrong)


def test_the_same_call_gives_the_same_pairs_and_another_seed_others(article: Article) -> None:
    assert pairs_of(article, each=1, seed=3) == pairs_of(article, each=1, seed=3)
    assert pairs_of(article, each=1, seed=3) != pairs_of(article, each=1, seed=4)


def test_kinds_are_held_out_of_errors_and_of_faithful_claims() -> None:
    held_out = [g for g in GENERATORS if g.held_out]
    assert len([g for g in held_out if g.label != "supported"]) >= 3
    assert len([g for g in held_out if g.label == "supported"]) >= 2


def test_a_sentence_knows_its_paragraph(article: Article) -> None:
    first: Callable[[str], Sentence] = lambda words: next(s for s in article.sentences if words in s.text)  # noqa: E731
    before = article.before(first("not paid"))
    assert before is not None and before.text.startswith("Ada Reyes founded")
    assert article.before(first("Ada Reyes founded")) is None


def test_synonyms_leave_what_is_quoted_alone() -> None:
    same = next(iter(meaning.SAME))
    text = f"Reyes called it “a {same} way” and Lund said that it was {same} indeed."
    article = Article.of(Document("b", "A talk", text, text_sha256(text), "test:b"))
    for seed in range(4):
        said = meaning.synonyms(article.sentences[0], article, random.Random(seed))
        assert said is not None and f"“a {same} way”" in said and f"was {meaning.SAME[same]} indeed" in said
