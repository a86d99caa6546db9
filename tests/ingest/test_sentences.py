"""Where sentences end, and that every offset is right."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.layout.notes import find_notes
from ingest.sentences import split_sentences


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text, 0, len(text), find_notes(text, 0, len(text)))]


@pytest.mark.parametrize(
    "text",
    [
        "Dr. Amara Okafor and Mr. Lind met Prof. St. John at 5 p.m. Monday.|They left.",
        "The survey (e.g. of eels, i.e. of adults, etc.) was led by J. T. Marsh and K.L. Broom.|It rained.",
        "The fine is 5 crowns (see cl. 2.1 and Sch. 1 para. 4).|See para. (b) of Sch. IV, ss. 3 and 4 and r. 12.|Paid.",
        "The fee is low under Chp. 111 and so on.|Paid.",
        "In Roe v. Lind the court held so.|It was 9th Cir. 2001.|Quercus robur var. alba and E. coli grow.",
        "See eqn. (4), Figs. 3a and fol. 12 recto, ll. 4 f. and op. cit. p. 44.|He put on his cap.|The rain fell.",
        "See vol.6, p.110 and pp. 3-4, No. 5 and fig. 2 for the plan.|The rest is lost.",
        "Eels, crabs, etc. were weighed.|They sold eels, crabs, etc. Nobody bought them.".replace("etc. N", "etc.|N"),
        "It weighs 3.75 kg, or 8.3 lb.|Not 4.",
        "The U.S. Coast Guard and the U.K. agency agreed.|It was signed in the U.S.|The text is long.",
        "He lived in Washington D.C. for years.|She did not.",
        "The tide rose…|Nobody moved… and nobody spoke... until dawn.|Then it fell.",
        "At the … Congress of Pilots nobody spoke.|The end.",
        "“Go home!” he said.|“Why?” she asked.|“It is late.”|They went.",
        "She wrote: “The wall is gone.|The town is next.”|He agreed.",
        "‘It sank.’|(That was in 1911.)|The crew lived.",
        "He signed it (see p. 12).|Then he left.",
        "“It rose.” (Vale, Against the Sea, p. 3)|The harbour was empty.".replace("rose.” (", "rose.”|("),
        "The talks “On Tides”, “Are We Ready?” (June 21), “On Silt” were printed.|All sold.",
        "It cost £4.|Then £5.|1911 was worse.|“7” was the number.",
        "1. I have read the report.|I agree.",
        "(2) I have read the report.|I agree.",
        "a. First the nets.|Then the rope.",
        "A claim.[3]|Another one.[4][5]|A third.¹|Done.",
        "No end here",
        "What?!|“Really?”|Well.",
        "Peace!  Bread!  Land!",
        "我们走。|你呢？|他说：「不去。」|好！",
        "Ça va?|Élan vital.|Über alles steht es.|Ökologie.",
        "Это правда.|Он ушёл.",
        "Is it done?|not yet, said nobody.".replace("|n", " n"),
        "i went home. then i slept.".replace(". t", ".|t"),
        "World War I. The end came.".replace("I. T", "I.|T"),
        "The pilot [he had sailed since 1880.|He later drowned] refused.|It sank.",
    ],
)
def test_breaks(text: str) -> None:
    expected = text.split("|")
    assert split(" ".join(expected) if "我" not in text else "".join(expected)) == expected


def test_line_wraps_never_break_and_blank_lines_always_do() -> None:
    assert split("The mill\nburned twice. It was\r\nrebuilt") == ["The mill\nburned twice.", "It was\r\nrebuilt"]
    assert split("The mill\n\nburned\n \t\ntwice") == ["The mill", "burned", "twice"]


def test_offsets_are_into_the_whole_text() -> None:
    text = "skip this. One. Two. skip that."
    assert [text[start:end] for start, end in split_sentences(text, 11, 20)] == ["One.", "Two."]


REPETITIVE = st.lists(
    st.sampled_from(
        [
            "The tide rose. ",
            "“No.” ",
            "p. 3 ",
            "etc. ",
            "…",
            "[Note.] ",
            "(Vale, Tides, p. 3) ",
            "! ",
            "\n",
            "\n\n",
            "我。",
            "1. ",
        ]
    ),
    max_size=40,
).map("".join)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=200), REPETITIVE))
def test_sentences_tile_the_text(text: str) -> None:
    spans = split_sentences(text, 0, len(text), find_notes(text, 0, len(text)))
    at = 0
    for start, end in spans:
        assert at <= start < end <= len(text)
        assert not text[at:start].strip()
        assert text[start:end] == text[start:end].strip()
        at = end
    assert not text[at:].strip()
