"""A text in, a verdict on each sentence out."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from assistant.check.checker import MAX_CHARACTERS, Checker
from assistant.check.signals import Entailed
from assistant.check.texts import Cited, Texts
from assistant.check.types import CheckedSentence
from vectorstore.errors import UsageError
from vectorstore.types import Document, text_sha256

WORD_FOR_WORD = "Marta Oduya kept the light for thirty years."


def test_a_sentence_in_the_words_of_the_source_is_supported_and_cited(checker: Checker) -> None:
    (sentence,) = checker.check(f"{WORD_FOR_WORD} [1]").sentences
    assert (sentence.verdict, sentence.support, sentence.reason) == ("supported", 1.0, "")
    (citation,) = sentence.citations
    assert citation.quote == WORD_FOR_WORD
    assert checker.index.document(citation.document_id).text[citation.start : citation.end] == WORD_FOR_WORD


def test_what_the_source_does_not_mention_is_not_found_and_the_reason_names_it(checker: Checker) -> None:
    (sentence,) = checker.check("Marta Oduya was shot in Canton.").sentences
    assert sentence.verdict == "not found"
    assert "Canton" in sentence.reason
    assert sentence.citations == ()


def test_the_verdict_on_a_text_is_that_of_its_weakest_sentence(checker: Checker) -> None:
    text = f"Who was she? {WORD_FOR_WORD} Marta Oduya was shot in Canton."
    check = checker.check(text)
    assert [sentence.checkable for sentence in check.sentences] == [False, True, True]
    assert check.verdict == "not found"
    assert all(text[s.start : s.end] == s.text for s in check.sentences)
    assert check.checker == "attest"


def test_the_same_text_gives_the_same_check(checker: Checker) -> None:
    text = "The keeper of the light was Marta Oduya. The tower lost its gallery in 1879."
    assert checker.check(text) == checker.check(text)


def test_only_the_named_documents_are_asked(checker: Checker) -> None:
    bakery = next(head.id for head in checker.index.heads() if "bakery" in head.title)
    assert checker.check(WORD_FOR_WORD, document_ids=[bakery]).verdict == "not found"
    assert checker.check(WORD_FOR_WORD, document_ids=[]).verdict == "not found"


def test_what_two_documents_say_of_two_people_is_not_put_together(checker: Checker) -> None:
    assert checker.check("Ines Falk kept the light for thirty years.").verdict != "supported"


@pytest.mark.parametrize("text", ["", "  ", "???", "***", "“”"])
def test_a_text_that_claims_nothing_is_not_found(checker: Checker, text: str) -> None:
    check = checker.check(text)
    assert check.verdict == "not found"
    assert not any(sentence.checkable for sentence in check.sentences)


def test_a_text_that_is_too_long_or_no_text_is_refused(checker: Checker) -> None:
    with pytest.raises(UsageError, match="100,001 characters"):
        checker.check("a" * (MAX_CHARACTERS + 1))
    with pytest.raises(UsageError, match="not valid UTF-8"):
        checker.check("a \ud800 b")


def test_the_place_that_comes_nearest_is_told_apart(checker: Checker) -> None:
    (sentence,) = checker.check("Marta Oduya was shot in Canton.").sentences
    assert sentence.closest and all("Oduya" in c.title or "Oduya" in c.quote for c in sentence.closest[:1])
    assert checker.check(WORD_FOR_WORD).sentences[0].closest == ()


def test_a_check_can_be_given_up(checker: Checker) -> None:
    steps = 0

    def step() -> None:
        nonlocal steps
        steps += 1
        if steps == 3:
            raise UsageError("given up")

    with pytest.raises(UsageError, match="given up"):
        checker.check(f"{WORD_FOR_WORD} " * 5, step=step)
    assert steps == 3


def test_the_sentences_of_a_long_text_are_judged_as_each_alone(checker: Checker) -> None:
    """The next sentences are made ready while the network reads: none is lost, or taken for another."""
    said = [
        WORD_FOR_WORD,
        "The repairs cost 512 pounds.",
        "Who was she?",
        "Oduya was the keeper of the light for three decades.",
        "Marta Oduya was shot in Canton.",
        "The repairs came to 412 pounds.",
        'Haan said: "The tower will never outlive us all."',
        "In 1879 the gallery of the tower was lost.",
        "The tower lost its gallery in 1897.",
        "The band played for seven hours.",
        WORD_FOR_WORD,
    ]
    together = checker.check(" ".join(said)).sentences
    alone = [checker.check(one).sentences[0] for one in said]

    def known(sentences: Sequence[CheckedSentence]) -> list[tuple[object, ...]]:
        return [(s.text, s.verdict, s.support, s.reason, s.citations, s.closest) for s in sentences]

    assert known(together) == known(alone)
    assert len({s.verdict for s in together}) == 3


def test_what_the_network_raises_comes_out(checker: Checker) -> None:
    class Broken:
        name = "broken"

        def entailed(self, pairs: Sequence[tuple[str, str]]) -> list[Entailed]:
            raise UsageError("the model is gone")

    with pytest.raises(UsageError, match="the model is gone"):
        Checker(checker.index, reader=checker.reader, judge=Broken()).check("Oduya kept it for decades. It was hers.")


def test_a_wrong_number_is_contradicted_with_what_the_source_says(checker: Checker) -> None:
    (sentence,) = checker.check("The repairs cost 512 pounds.").sentences
    assert sentence.verdict == "contradicted"
    assert "512" in sentence.reason and "412" in sentence.reason
    assert "412 pounds" in sentence.citations[0].quote
    assert sentence.findings[0].outcome == "differs"


def test_words_put_into_somebodys_mouth_are_not_supported(checker: Checker) -> None:
    right = checker.check('Haan said: "The tower will outlive us all."')
    wrong = checker.check('Haan said: "The tower will never outlive us all."')
    assert right.verdict == "supported"
    assert wrong.verdict != "supported" and wrong.sentences[0].reason


def test_a_sentence_said_twice_is_judged_alike(checker: Checker) -> None:
    first, second = checker.check("The repairs cost 412 pounds. The repairs cost 412 pounds.").sentences
    assert (first.verdict, second.verdict) == ("supported", "supported")
    assert second.start > first.start


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("In the section on the second opening, the band played for three hours.", "supported"),
        ("The chapter about the first opening says that the band played for two hours.", "supported"),
        ("In the section on the second opening, the band played for two hours.", "contradicted"),
        ("In the section on the third opening, the band played for two hours.", "not found"),
    ],
)
def test_a_section_that_is_named_is_the_one_that_is_held_against_it(checker: Checker, claim: str, verdict: str) -> None:
    pier = "THE FIRST OPENING\n\nAda Reyes led the ceremony in May. The band played for two hours.\n\n"
    pier += "THE SECOND OPENING\n\nJon Falk led the ceremony in June. The band played for three hours.\n"
    (sentence,) = Checker(Texts([("Pier", pier)]), reader=checker.reader).check(claim).sentences
    assert sentence.verdict == verdict


def test_cited_sentences_alone_support_a_claim(checker: Checker) -> None:
    documents = [checker.index.document(head.id) for head in checker.index.heads()]
    whole = Texts.of(documents)
    document = next(d for d in documents if WORD_FOR_WORD in d.text)
    claims = ("Marta Oduya was the keeper of the light for thirty years.", "The tower lost its gallery in 1879.")
    place = (start := document.text.index("Marta Oduya kept")), start + len(WORD_FOR_WORD)
    cited = Checker(Cited(whole, document.id, [place]), reader=checker.reader)
    assert [Checker(whole, reader=checker.reader).check(claim).verdict for claim in claims] == ["supported"] * 2
    assert [cited.check(claim).verdict == "supported" for claim in claims] == [True, False]
    assert cited.check(claims[0]).sentences[0].citations[0].start == place[0]
    assert Checker(Cited(whole, document.id, []), reader=checker.reader).check(claims[0]).verdict == "not found"


def test_a_heading_that_is_cited_counts_as_a_sentence(checker: Checker) -> None:
    text = "# The pier was built by Anna Lund\n\nIt cost nine thousand crowns.\n"
    whole = Texts.of([Document("d", "", text, text_sha256(text), "d.md", "markdown")])
    claim = "Anna Lund built the pier."
    assert Checker(Cited(whole, "d", [(2, 33)]), reader=checker.reader).check(claim).verdict == "supported"
    assert Checker(Cited(whole, "d", [(35, 64)]), reader=checker.reader).check(claim).verdict != "supported"
