"""The stretches of the source that a sentence is compared with."""

from __future__ import annotations

from assistant.check.checker import Checker
from assistant.check.texts import Texts
from assistant.check.windows import WANTING, WINDOWS, Window, windows_for
from assistant.check.wording.told import ToldPassages
from assistant.check.wording.words import claim_words
from vectorstore.types import Document, SentenceSpan, text_sha256

LAMPS = [f"The keeper of light {n} trimmed the lamp every night." for n in range(1, 8)]


def windows(checker: Checker, claim: str, paragraphs: list[str]) -> list[Window]:
    texts = Texts([("Lights", "\n\n".join(paragraphs))])
    return windows_for(claim_words(claim, checker.reader), claim, ToldPassages(texts, checker.reader))


def test_the_nearest_come_first_and_do_not_overlap(checker: Checker) -> None:
    found = windows(checker, "The keeper of light 5 trimmed the lamp.", LAMPS)
    assert found[0].text == LAMPS[4]
    assert len(found) == WINDOWS
    assert len({window.start for window in found}) == WINDOWS
    assert [w.near for w in found] == sorted((w.near for w in found), reverse=True)


def test_what_none_of_the_nearest_holds_is_kept_too(checker: Checker) -> None:
    """A claim may bring together what stands in several places."""
    alone = "Zebediah paid in guineas."
    found = windows(checker, "The keeper of light 5 trimmed the lamp every night for guineas.", [*LAMPS, alone])
    assert alone in [window.text for window in found[WINDOWS:]]
    assert len(found) <= WINDOWS + WANTING


def test_a_sentence_is_widened_by_a_neighbour_that_holds_the_rest(checker: Checker) -> None:
    pair = "Marta Oduya kept the lamp. She sold it in Torsay in 1879."
    assert windows(checker, "Marta Oduya sold the lamp in Torsay in 1879.", [pair, *LAMPS])[0].text == pair


def test_nothing_is_near_a_claim_where_there_is_no_text(checker: Checker) -> None:
    assert windows(checker, "The keeper trimmed the lamp.", []) == []
    assert windows(checker, "It was so.", LAMPS)  # a claim without a word that says something


def test_a_window_holds_a_word_as_well_as_the_best_of_its_sentences() -> None:
    text = "One. Two."
    spans = (SentenceSpan(0, 4, "prose", None), SentenceSpan(5, 9, "prose", None))
    window = Window(Document("d", "D", text, text_sha256(text), "d"), "", spans, 0.5, ((0.2, 1.0), (0.4, 0.0)))
    assert window.held == (0.4, 1.0)
    assert Window(window.document, "", spans).held == ()
