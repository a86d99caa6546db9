"""What the title of a document says of the names and numbers of a claim."""

from __future__ import annotations

import pytest

from assistant.check.typed.comparing import compare
from tests.assistant.check.typed.sources import window_of

FELD = "Feld has been married four times. Edmund Feld and Ferdinand Feld, her sons, became actors."
REVIEWS = "It received mixed reviews. Most critics noted the poor style of the work."


def absent(claim: str, title: str, text: str) -> list[str]:
    return [finding.kind for finding in compare(claim, window_of(text, title=title)) if finding.outcome == "absent"]


def test_whom_the_title_names_in_full_is_meant_by_the_surname() -> None:
    assert absent("Mara Feld has been married four times.", "Mara Feld", FELD) == []
    assert absent("Mara Feld has been married four times.", "The families of Kars", FELD) == ["name"]
    assert absent("Ruth Feld has been married four times.", "Mara Feld", FELD) == ["name"]


@pytest.mark.parametrize(
    ("claim", "title", "found"),
    [
        ("Fifty Boats of Arne received mixed reviews.", "Fifty Boats of Arne", []),
        ("Critics noted the poor style of The 39 Stairs.", "The 39 Stairs (novel)", []),
        ("The 38 Stairs received mixed reviews.", "The 39 Stairs", ["number"]),
        ("The 39 Ladders received mixed reviews.", "The 39 Stairs", ["number", "name"]),
        ("It received 39 mixed reviews.", "The 39 Stairs", ["number"]),
    ],
)
def test_a_number_that_the_title_holds_beside_the_same_word_belongs_to_it(
    claim: str, title: str, found: list[str]
) -> None:
    assert absent(claim, title, REVIEWS) == found
