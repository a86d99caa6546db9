"""The one who is quoted is named, and a quoted claim is not passed off as the text's own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eval.cases import Case, CaseSet
from eval.metrics.attribution import speaker_right, voice_error
from eval.responses import ResponseSentence
from tests.eval.conftest import TEXT, quoted, refusal, sentence


@pytest.fixture
def said(case_set: CaseSet) -> Case:
    return next(case for case in case_set.cases if case.speaker == "Peter Vass")


@pytest.mark.parametrize(
    ("speaker", "named"),
    [("Peter Vass", 1.0), ("Vass", 1.0), ("P. VASS", 1.0), ("Anna Lund", 0.0), ("Peter Vassberg", 0.0), (None, 0.0)],
)
def test_the_speaker_is_named_by_a_citation(said: Case, speaker: str | None, named: float) -> None:
    response = quoted("said", sentence("oak"), speaker=speaker)
    assert (speaker_right(said, response), voice_error(said, response)) == (named, 1 - named)


def test_the_speaker_may_be_named_in_the_words_shown(said: Case) -> None:
    bare = quoted("said", sentence("oak"))
    told = replace(
        bare,
        sentences=(ResponseSentence(f"Vass, quoted: {TEXT[slice(*sentence('oak'))]}", bare.sentences[0].citations),),
    )
    assert (speaker_right(said, told), voice_error(said, told)) == (1.0, 0.0)


def test_the_words_do_not_make_up_for_a_citation_that_names_another(said: Case) -> None:
    wrong = quoted("said", sentence("oak"), speaker="Anna Lund")
    told = replace(
        wrong, sentences=(ResponseSentence(f"{wrong.text} That was Peter Vass.", wrong.sentences[0].citations),)
    )
    assert (speaker_right(said, told), voice_error(said, told)) == (0.0, 1.0)


def test_one_sentence_without_its_speaker_is_a_voice_error(said: Case) -> None:
    right, bare = quoted("said", sentence("oak"), speaker="Vass"), quoted("said", sentence("oak"))
    both = replace(right, sentences=(*right.sentences, *bare.sentences))
    assert (speaker_right(said, both), voice_error(said, both)) == (1.0, 1.0)


def test_what_cites_something_else_makes_no_voice_error(said: Case) -> None:
    assert voice_error(said, quoted("said", sentence("1887"))) is None


def test_an_abstention_and_a_question_about_no_speaker_are_undefined(said: Case, case_set: CaseSet) -> None:
    assert speaker_right(said, refusal("said")) is voice_error(said, refusal("said")) is None
    who, response = case_set.cases[0], quoted("who", sentence("1887"))
    assert speaker_right(who, response) is voice_error(who, response) is None
