"""What is asked of documents as a whole, answered with everything real."""

from __future__ import annotations

import pytest

from assistant.engine import Assistant
from assistant.types import Answer, Turn

FERRY = ["ferry"]


def exact(assistant: Assistant, answer: Answer) -> bool:
    """Whether every quotation stands where its citation says; there is one at least."""
    citations = [citation for sentence in answer.sentences for citation in sentence.citations]
    texts = {citation.document_id: assistant.index.document(citation.document_id).text for citation in citations}
    return bool(citations) and all(texts[c.document_id][c.start : c.end] == c.quote for c in citations)


def test_author_and_date_are_shown_as_they_stand_in_the_text(assistant: Assistant) -> None:
    for question, value in (("Who wrote it?", "Rosa Kemp"), ("When was the article written?", "3 May 2011")):
        answer = assistant.ask(question, document_ids=FERRY)
        assert not answer.abstained and exact(assistant, answer)
        assert answer.text == "By Rosa Kemp, 3 May 2011"
        assert value in [short.text for short in answer.sentences[0].short_answers]
    both = assistant.ask("Who wrote it and when?", document_ids=FERRY)
    assert both.text == "By Rosa Kemp, 3 May 2011"


def test_what_is_not_known_is_not_answered_from_somewhere_else(assistant: Assistant) -> None:
    answer = assistant.ask("Who wrote this?", document_ids=["choir"])
    assert answer.abstained and answer.sentences == () and "does not say who wrote it" in answer.text


def test_a_sentence_that_says_who_wrote_the_document_says_so(assistant: Assistant) -> None:
    answer = assistant.ask("Who wrote the rules?")
    assert answer.text == "4. These rules were written by Ada Sund in 1931." and exact(assistant, answer)
    assert assistant.ask("When were the rules written?").sentences == answer.sentences


def test_length_and_sections_are_counted(assistant: Assistant) -> None:
    length = assistant.ask("How long is it?", document_ids=FERRY)
    assert not length.abstained and length.sentences == ()
    words = len(assistant.index.document("ferry").text.replace("#", "").split())
    assert length.text.startswith(f"“The ferry of Aldin” has {words} words") and "3 sections" in length.text
    sections = assistant.ask("What are the sections?", document_ids=FERRY)
    assert [s.text for s in sections.sentences] == ["## The boats", "## The ferrymen", "## The bridge"]
    assert "3 sections" in sections.text and exact(assistant, sections)


def test_the_documents_are_listed(assistant: Assistant) -> None:
    answer = assistant.ask("Which documents do you have?")
    assert (
        answer.text == "There are 3 documents: “The ferry of Aldin”, “Minutes of the choir”, “Rules of the boathouse”."
    )
    assert assistant.ask("How many documents are there?", document_ids=FERRY).text.startswith("There is 1 document:")


def test_an_overview_is_the_lead_and_a_sentence_of_each_section_in_order(assistant: Assistant) -> None:
    answer = assistant.ask("What is this about?", document_ids=FERRY)
    assert exact(assistant, answer) and not answer.abstained
    assert [s.citations[0].section for s in answer.sentences] == ["", "The boats", "The ferrymen", "The bridge"]
    assert answer.sentences[0].text.startswith("The ferry of Aldin carried people")
    starts = [s.citations[0].start for s in answer.sentences]
    assert starts == sorted(starts)
    assert assistant.ask("What is this about?", document_ids=FERRY) == answer


def test_events_are_dated_sentences_by_date(assistant: Assistant) -> None:
    answer = assistant.ask("What are the main events?", document_ids=FERRY)
    marked = [[short.text for short in sentence.short_answers] for sentence in answer.sentences]
    assert marked == [["1702"], ["1741"], ["March 1788"], ["1815"], ["4 June 1902"]]
    assert exact(assistant, answer)


def test_people_come_with_a_sentence_that_names_them(assistant: Assistant) -> None:
    answer = assistant.ask("Who are the main people?", document_ids=FERRY)
    assert all(name in answer.said for name in ("Anton Weil (2)", "Jakob Roth", "Lena Roth"))
    assert "Aldin" not in answer.said.partition(":")[2] and exact(assistant, answer)


def test_of_several_documents_all_are_taken_or_the_one_that_is_named(assistant: Assistant) -> None:
    both = assistant.ask("What are these documents about?")
    assert {s.citations[0].document_id for s in both.sentences} == {"ferry", "choir", "rules"}
    one = assistant.ask("Summarise the minutes")
    assert {s.citations[0].document_id for s in one.sentences} == {"choir"}
    follow_up = assistant.ask("Who is mentioned in it?", [Turn("Summarise the minutes", one)])
    assert "Olga Brand" in follow_up.said and "Roth" not in follow_up.said


def test_after_a_question_it_is_what_was_talked_of(assistant: Assistant) -> None:
    turns = [Turn("When did the second boat sink?", assistant.ask("When did the second boat sink?"))]
    assert assistant.ask("Who built it?", turns).said == ""
    assert assistant.ask("Who wrote it?", turns).searched_for.startswith('"Who wrote it?" after')
    assert assistant.ask("Who wrote this article?", turns, document_ids=FERRY).text == "By Rosa Kemp, 3 May 2011"
    assert assistant.turns_for("Who wrote this article?", turns) == ()


@pytest.mark.parametrize(
    "question", ["What is the toll about?", "When was the bridge opened?", "Who said nobody drowns?"]
)
def test_a_question_to_the_source_is_searched_for(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.said == "" and answer.trace.wordings == (question,) and answer.passages


def test_a_numbered_part_is_shown_whole_or_said_to_be_missing(assistant: Assistant) -> None:
    part = assistant.ask("What does rule 2 say?", document_ids=["rules"])
    assert part.text == "2. Nobody sings (a) at night; or (b) in the boat." and exact(assistant, part)
    assert len(part.sentences) == 3
    missing = assistant.ask("What does rule 9 say?", document_ids=["rules"])
    assert missing.abstained and missing.text == "Not in the source: there is no rule 9 in “Rules of the boathouse”."
    mentioned = assistant.ask("What does article 7 say?", document_ids=["rules"])
    assert mentioned.trace.wordings
