"""A part of a list, and the whole of it."""

from __future__ import annotations

import pytest

from assistant.check.checker import Checker
from assistant.check.texts import Texts
from assistant.reader.runtime import load_reader

BOARD = """Ten members of the board resigned in March. Among the ten were Clara Holm and Otto Brandt. The board chose a
new chair in April."""
PRIZE = """The three winners were Ada Orr, Lev Stein and Rosa Vale. They shared a prize of 900 crowns. Karl Roth came
fourth."""
MAPS = """The library bought forty maps, including two charts of the bay and a plan of the old fort."""
CREW = """The crew of the Heron numbered twelve. Two of the twelve, Nils Lund and Jon Falk, could swim. The Heron sank
off Arle in 1893."""
SONGS = """Of the songs on the record, four were written by Mara Quill, among them Harbour Lights and The Long Road. The
band played Harbour Lights in Turku."""
WARDENS = """Several birds nest on the cliff, such as the gannet and the puffin. Three of the five wardens live on the
island all year."""


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        (BOARD, "Clara Holm was among the ten members who resigned."),
        (BOARD, "The ten included Clara Holm."),
        (BOARD, "Among the ten were Clara Holm and Otto Brandt."),
        (PRIZE, "Among the three winners was Ada Orr."),
        (PRIZE, "The three winners included Lev Stein and Rosa Vale."),
        (PRIZE, "The three winners were Rosa Vale, Ada Orr and Lev Stein."),
        (MAPS, "The forty maps included two charts of the bay."),
        (CREW, "Among the twelve were Nils Lund and Jon Falk."),
        (CREW, "The twelve included Jon Falk."),
        (CREW, "Two of the twelve could swim."),
        (SONGS, "Mara Quill wrote four of the songs, including The Long Road."),
        (WARDENS, "Birds that nest on the cliff include the puffin."),
    ],
)
def test_some_are_named_rightly(text: str, claim: str) -> None:
    assert Checker(Texts([("Notes", text)]), reader=load_reader()).check(claim).verdict == "supported"


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        (BOARD, "The ten were Clara Holm and Otto Brandt."),
        (BOARD, "All ten were Clara Holm and Otto Brandt."),
        (BOARD, "The ten consisted of Clara Holm and Otto Brandt."),
        (BOARD, "The ten did not include Clara Holm."),
        (PRIZE, "Among the three winners was Karl Roth."),
        (PRIZE, "The three winners included Karl Roth."),
        (PRIZE, "The three winners were Ada Orr and Lev Stein."),
        (MAPS, "The forty maps were two charts of the bay and a plan of the old fort."),
        (CREW, "The twelve were Nils Lund and Jon Falk."),
        (CREW, "All twelve could swim."),
        (CREW, "The crew were Nils Lund and Jon Falk."),
        (SONGS, "The four songs by Mara Quill were Harbour Lights and The Long Road."),
        (WARDENS, "The five wardens live on the island all year."),
    ],
)
def test_a_part_is_not_the_whole(text: str, claim: str) -> None:
    assert Checker(Texts([("Notes", text)]), reader=load_reader()).check(claim).verdict != "supported"
