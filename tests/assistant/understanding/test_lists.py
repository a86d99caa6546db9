"""A list of long items is asked for as a whole, or for one of its items."""

from __future__ import annotations

import pytest

from assistant.understanding.lists import asked_list
from assistant.understanding.question import analyse
from ingest.passages import sentence_spans
from ingest.structure import find_structure

YARD = """\
The yard has two slips.

Before a boat leaves the yard, its owner has to see to the following:

1. The tank is emptied by the foreman. Owners who empty it themselves pay a fine.
2. All ropes are taken ashore and rinsed. The loft is open on weekdays.
3. The bilge is pumped dry.
   Nobody lives on board meanwhile.

The crane is booked at the office.
"""


def found(question: str, best: str, text: str = YARD) -> list[list[str]]:
    """The list that is asked for, where the sentence that begins so answers best."""
    structure = find_structure(text, "plain")
    spans = [span for spans in sentence_spans(text, structure) for span in spans]
    number = next(n for n, span in enumerate(spans) if text.startswith(best, span.start))
    items = asked_list(text, [(span, "") for span in spans], number, analyse(question))
    return [[" ".join(text[spans[n].start : spans[n].end].split()) for n in item] for item in items]


@pytest.mark.parametrize("best", ["Before", "1. The", "Owners", "3. The"])
def test_a_question_in_the_words_before_a_list_asks_for_all_of_it(best: str) -> None:
    asked = found("What does the owner have to see to before the boat leaves the yard?", best)
    assert [len(item) for item in asked] == [1, 2, 2, 2]
    assert asked[0] == ["Before a boat leaves the yard, its owner has to see to the following:"]
    assert asked[-1] == ["3. The bilge is pumped dry.", "Nobody lives on board meanwhile."]


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("What does the owner have to do with the ropes before a boat leaves?", "2. All"),
        ("Who empties the tank?", "1. The"),
        ("How many things does the owner see to before a boat leaves the yard?", "Before"),
        ("What does the owner see to before the boat leaves the yard?", "The crane"),
        ("How many slips has the yard?", "The yard"),
    ],
)
def test_a_question_about_one_item_or_something_else_does_not(question: str, best: str) -> None:
    assert found(question, best) == []


def test_bullets_begin_items_too() -> None:
    text = "Noise is dealt with so:\n\n• The neighbour writes. A letter is enough.\n• The master visits.\n\nEnd.\n"
    assert [len(item) for item in found("How is noise dealt with?", "• The neighbour", text)] == [1, 2, 1]
