"""Letters folded for search, with the places they came from."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vectorstore.folding import folded, folded_places, unmarked


def test_letters_in_print_are_the_letters_they_stand_for() -> None:
    assert folded("the oﬃce of the ﬂood") == "the office of the flood"
    assert folded("ＡＢＣ（１９３１）") == "ABC(1931)"
    assert folded("𝐛𝐨𝐥𝐝 ſaw co\u00adop\u200berate") == "bold saw cooperate"


def test_raised_figures_other_scripts_and_marks_stay() -> None:
    for text in ("10⁶ m³, H₂O", "Ünal, café, cafe\u0301", "漢字、かな。", "½ № ©", "plain"):
        assert folded(text) == text and folded_places(text) == (text, None)


@given(st.text(alphabet=st.sampled_from("ab ﬁﬃＡ\u00ad\u200b⁶é𝐛")))
def test_every_folded_character_knows_its_place(text: str) -> None:
    found, places = folded_places(text)
    assert found == folded(text)
    if places is not None:
        assert len(places) == len(found) and places == sorted(places)
        assert all(character in folded(text[place]) for character, place in zip(found, places, strict=True))


def test_footnote_marks_and_raised_figures_are_no_words() -> None:
    assert unmarked("10⁶ people[4] moved.[1, 2] By rain[a] x^(n-m) 10^-3 km²") == "10 people moved. By rain x 10 km"
    for text in ("H₂O", "[4](address)", "[1]: a link", "[sic]", "[1929]", "a ^ b", "plain"):
        assert unmarked(text) == text
