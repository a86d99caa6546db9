"""The encoder: what it makes of a text does not depend on company or on what was kept; words are near to their like."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from vectorstore.disk.kept import KEPT_FILE, Kept
from vectorstore.embedded_text import Told
from vectorstore.embedding.encoder import MAX_HEADING, MAX_QUESTION, MAX_TOKENS, Encoder, load_encoder

PIER = "The pier was opened in 1887 by Ada Reyes. It burned down nine years later. Nobody was hurt."
CATS = "Cats sleep for most of the day. They hunt at dusk."


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder()


def test_one_is_loaded_for_all_who_use_the_same_file(encoder: Encoder) -> None:
    assert load_encoder() is encoder


def test_each_text_is_read_as_if_alone(encoder: Encoder) -> None:
    told = Told(PIER, "Piers")
    together = encoder.states([Told(CATS), told, Told(PIER * 3)])[told]
    assert np.array_equal(encoder.states([told])[told].levels, together.levels)


def test_a_text_that_comes_again_and_again_is_read_once(encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = []
    run = encoder._run
    monkeypatch.setattr(encoder, "_run", lambda *given: runs.append(given) or run(*given))
    again = [Told("Draw two lines, one red.", "Lines", str(number)) for number in range(100)]
    states = encoder.states([*again, Told("Draw two lines, one red.", "Rules", "other")])
    assert len(states) == 101 and len(runs) <= 1 + len(encoder.pool._threads)  # threads may begin it at one time
    assert len({one.levels.tobytes() for told, one in states.items() if told in again}) == 1


def test_a_long_text_is_read_from_its_beginning_and_says_so(encoder: Encoder) -> None:
    tokens = encoder.tokens(Told("word " * 400, "heading " * 40))
    assert len(tokens.ids) == MAX_TOKENS + 2 and tokens.first == MAX_HEADING + 3 and not tokens.whole
    assert encoder.tokens(Told(PIER, "Piers")).whole
    assert len(encoder.asked("word " * 400).words) == MAX_QUESTION


def test_the_words_of_a_part_are_those_of_the_whole(encoder: Encoder) -> None:
    told = Told(PIER, "Piers")
    states = encoder.states([told])[told]
    start, end = PIER.index("It burned"), PIER.index(" Nobody")
    part = encoder.part(told, states, [(start, end)])
    words = encoder.told_words(told, states)
    inside = (words.spans[:, 0] < end) & (words.spans[:, 1] > start)
    assert np.array_equal(part.words()[1:-1], words.codes[inside]) and len(part.levels) == inside.sum() + 2


@pytest.mark.parametrize("damage", ["another text", "another heading", "bits", "cut", "empty"])
def test_what_is_kept_of_something_else_or_damaged_is_made_again(encoder: Encoder, tmp_path: Path, damage: str) -> None:
    told = Told(PIER, "Piers", "a")
    kept = Kept(tmp_path / KEPT_FILE, writable=True)
    before = encoder.states([told], kept)[told]
    (content,) = kept.get(["a"]).values()
    if damage.startswith("another"):
        told = Told(CATS, "Piers", "a") if damage == "another text" else Told(PIER, "Cats", "a")
        before = encoder.states([replace(told, name="")])[replace(told, name="")]
    else:
        changed = {"bits": content[:99] + bytes([content[99] ^ 8]) + content[100:], "cut": content[:-9], "empty": b""}
        kept.put({"a": changed[damage]})
    made: list[object] = []
    after = encoder.states([told], kept, lambda: made.append(None))[told]
    assert made and np.array_equal(after.levels, before.levels) and np.array_equal(after.scales, before.scales)
    assert kept.get(["a"])["a"] == after.stored(encoder.made_from(told))


def test_words_are_near_to_words_that_mean_the_same(encoder: Encoder) -> None:
    pier, cats = (encoder.states([Told(text)])[Told(text)] for text in (PIER, CATS))
    near, far = encoder.nearness(["In what year was the jetty inaugurated?"], [pier, cats])
    assert 1 >= near > far >= -1


def test_white_space_makes_no_other_question(encoder: Encoder) -> None:
    """A claim is asked as it stands in a text, with blanks for its bullet, and as it is searched for."""
    assert encoder.asked("   Who kept\n the light? ") is encoder.asked("Who kept the light?")
    assert encoder.asked("Who kept the light?") is not encoder.asked("Who kept the lights?")
