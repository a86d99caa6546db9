"""Words that only say where a claim stands."""

import pytest

from assistant.check.sentences import claims_of
from assistant.check.wording.frames import frames_in, section_in, without_frames

LEFT = "Roe left"


@pytest.mark.parametrize(
    "said",
    [
        "According to the text, Roe left.",
        "According to the article's author, Roe left.",
        "The article says that Roe left.",
        "the passage also adds that Roe left",
        "As the author notes, Roe left.",
        "As noted in the article, Roe left.",
        "In this chapter, it is stated that Roe left.",
        "In the article, the author says that Roe left.",
        "From the text, we learn that Roe left.",
        "It is stated in the text that Roe left.",
        "The provided source tells us that Roe left.",
        "Yes, Roe left.",
        "In short, yes, Roe left.",
        "Overall: Roe left.",
        "In summary, the article says that Roe left.",
        "Roe left, the article says.",
        "Roe left, as the author notes.",
        "Roe left, according to the text.",
    ],
)
def test_a_frame_is_blanked_and_every_offset_holds(said: str) -> None:
    blanked = without_frames(said)
    assert blanked.strip(" .") == LEFT
    assert len(blanked) == len(said) and blanked.index(LEFT) == said.index(LEFT)


@pytest.mark.parametrize(
    "said",
    [
        "According to Roe, Doe left.",
        "The article does not say that Roe left.",
        "The article denies that Roe left.",
        "The author died in 1887.",
        "The text was printed in May.",
        "According to the text.",
        "The report blamed the pilot.",
        "No. 5 was sold.",
        "Well-known men left.",
        "So far, it stands.",
        "The article by Jane Roe says that it burned.",
    ],
)
def test_what_claims_something_is_no_frame(said: str) -> None:
    assert without_frames(said) == said


def test_a_report_may_be_one_that_the_source_tells_of() -> None:
    said = "The report concluded that Roe left."
    assert not frames_in(said) and [said[a:b] for a, b in frames_in(said, possible=True)] == [
        "The report concluded that"
    ]


def test_a_claim_keeps_its_frame_as_it_stands() -> None:
    text = "It is so. According to the text, Roe left."
    claim = claims_of(text)[1]
    assert text[claim.start : claim.end] == claim.whole == "According to the text, Roe left."
    assert claim.searched == "Roe left."


@pytest.mark.parametrize(
    ("said", "section"),
    [
        ("In the section on the harbour, Roe left.", "the harbour"),
        ("The chapter about the Long Strike says that Roe left.", "the Long Strike"),
        ("In the “Second Voyage” section, Roe left.", "Second Voyage"),
        ("The section headed 'Costs' reports that Roe left.", "Costs"),
        ("In the harbour, Roe left.", ""),
        ("The section of track was closed.", ""),
    ],
)
def test_a_section_that_is_named_is_read(said: str, section: str) -> None:
    assert section_in(said) == section
    assert bool(section) == bool(frames_in(said, possible=True))
