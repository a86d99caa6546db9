"""What a question takes for granted."""

from __future__ import annotations

import pytest

from assistant.check.asked.premise import premise_of

WHOLE = {
    "Why did Brandt support the strike?": "Brandt did support the strike.",
    "Why did the harbour board sell the pier?": "The harbour board sell the pier.",
    "Why did the Polish strike fail in May?": "The Polish strike fail in May.",
    "Why did the Brandt print the letters?": "The Brandt did print the letters.",
    "Why did the Brandt sink?": "The Brandt did sink.",
    "Why did the Berg yard go bankrupt?": "The Berg yard go bankrupt.",
    "Why did the Brandts sell the mill?": "The Brandts did sell the mill.",
    "And when did Kemble take Lund's place?": "Kemble did take Lund's place.",
    "Since when has the mill been shut?": "The mill been shut.",
    "On what day was the old mill burnt down by the miller?": "The old mill burnt down by the miller.",
    "In which town did Marta Oduya open a school?": "Marta Oduya did open a school.",
    "Under which law was Reyes tried for theft?": "Reyes was tried for theft.",
    "Why didn't Lund publish the letters?": "Lund did not publish the letters.",
    "How much did the council pay Lund for the pier?": "The council pay Lund for the pier.",
    "How many times did Brandt visit the mill?": "Brandt did visit the mill.",
    "Why could she not sell the house?": "She could not sell the house.",
    "Can you tell me why Brandt closed the school?": "Brandt closed the school.",
    "How did they manage to cross the river?": "They did manage to cross the river.",
    "What was Brandt's reason for leaving the party?": "Brandt leaving the party.",
    "What was the reason that the council closed the bridge?": "The council closed the bridge.",
    "What made the council sell the pier?": "The council sell the pier.",
    "What led Brandt to leave the party?": "Brandt leave the party.",
}
IN_PART = {
    "How many copies did Lund burn in the square?": "There are copies that Lund burn in the square.",
    "Who was the second wife that Lund married in Torsay?": "There is second wife that Lund married in Torsay.",
    "Who shot the mayor of Torsay?": "Somebody shot the mayor of Torsay.",
    "Which ship took Lund to Torsay?": "Ship took Lund to Torsay.",
    "What honour did the town give Marta Oduya?": "There is honour that the town give Marta Oduya.",
}
NONE = (
    "Did Brandt support the strike?",
    "Was the mill burnt down?",
    "Who was Lund?",
    "What is the boiling point of ethanol?",
    "Why?",
    "When was that?",
    "How to cross the river?",
    "Lund date of death",
    "Why would the old council of the town have sold it?",
    "Where did the ferry land unless the harbour was frozen?",
    "Why is there a wall around the garden?",
    "",
    "?",
    "why " * 200,
)


@pytest.mark.parametrize(("question", "claim"), WHOLE.items())
def test_what_is_asked_about_a_fact_takes_the_fact_for_granted(question: str, claim: str) -> None:
    premise = premise_of(question)
    assert premise is not None and premise.whole and premise.claim == claim
    assert premise_of(question.replace("'", "’")) == premise


@pytest.mark.parametrize(("question", "claim"), IN_PART.items())
def test_what_is_asked_for_a_thing_takes_its_existence_for_granted(question: str, claim: str) -> None:
    premise = premise_of(question)
    assert premise is not None and not premise.whole and premise.claim == claim


@pytest.mark.parametrize("question", NONE)
def test_where_nothing_is_certain_nothing_is_taken_for_granted(question: str) -> None:
    assert premise_of(question) is None
