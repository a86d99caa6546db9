"""BM25: the tokens, equality with bm25s's own scoring, empty and unknown words, the kept copy."""

from __future__ import annotations

from pathlib import Path

import bm25s
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.search import lexical
from vectorstore.search.lexical import LexicalIndex, kept_index, tokens

TEXTS = ["The keeper lit the lamp", "Lamps, lamps and more lamps!", "", "a storm broke the tower", "the of and"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Keeper’s keepers' keeper's", ["keeper", "keeper", "keeper"]),
        ("anti-war", ["anti", "war"]),
        ("the U.S.S.R. of 1,000,000", ["ussr", "1000000"]),
        ("don’t", ["dont"]),
        ("“Déjà” – vu…", ["deja", "vu"]),
        ("pp. 12-13, 1924–25", ["pp", "12", "13", "1924", "25"]),
        ("What was it?", []),
        ("clause 2.3, at 3.5. So 12.", ["claus", "2.3", "3.5", "12"]),
        ("the oﬃce of the ﬂood", ["offic", "flood"]),
        ("ＡＢＣ １９３１", ["abc", "1931"]),
        ("co\u00adop\u200berate Cafe\u0301 Ａ\u0301", ["cooper", "cafe"]),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


@given(st.text())
def test_any_text_has_tokens_without_blanks(text: str) -> None:
    assert all(token and not any(c.isspace() for c in token) for token in tokens(text))


def test_scores_equal_those_of_bm25s() -> None:
    reference = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
    reference.index([tokens(text) for text in TEXTS], show_progress=False)
    ours = LexicalIndex.of(TEXTS)
    for query in ("lamp", "the keeper's lamp", "storm tower unknown"):
        words = [token for token in tokens(query) if token in reference.vocab_dict]
        assert np.allclose(ours.scores(query), reference.get_scores(words))
    assert ours.scores("lamp").argmax() == 1


def test_unknown_words_and_empty_corpora_score_nothing() -> None:
    index = LexicalIndex.of(TEXTS)
    for query in ("", "xylophone", "the of", "\x00 \ud800"):
        assert index.scores(query).tolist() == [0.0] * len(TEXTS)
    assert LexicalIndex.of([]).scores("lamp").shape == (0,)
    assert LexicalIndex.of(["", "the"]).scores("lamp").tolist() == [0, 0]


def test_a_word_said_twice_counts_once() -> None:
    index = LexicalIndex.of(TEXTS)
    assert np.array_equal(index.scores("lamp lamp lamps"), index.scores("lamp"))


def test_a_large_index_is_kept_until_its_texts_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexical, "LARGE", 2)
    file, names = tmp_path / "lexical.npz", ["a", "b", "c", "d", "e"]
    first = kept_index(lambda: TEXTS, names, file)
    written = file.read_bytes()
    again = kept_index(lambda: ["other"] * 5, names, file)  # the same ids: read, not made
    assert np.array_equal(first.scores("keeper lamp"), again.scores("keeper lamp"))
    kept_index(lambda: TEXTS[:4], names[:4], file)
    assert file.read_bytes() != written
    file.write_bytes(written[: len(written) // 2])  # cut short: made anew
    assert np.array_equal(kept_index(lambda: TEXTS, names, file).scores("lamp"), first.scores("lamp"))
    assert file.read_bytes() == written
    assert list(tmp_path.iterdir()) == [file]
