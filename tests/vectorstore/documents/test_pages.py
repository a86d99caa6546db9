"""Where the characters of a text stand: packed and asked for again, never more than is there."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.documents.pages import OnPage, Pages, Placed

LINES = [
    Placed(0, 5, 1, 10, 20, 60, 32),
    Placed(6, 10, 1, 65, 20, 105, 32),
    Placed(11, 15, 1, 10, 34, 50, 46),
    Placed(17, 21, 3, 10.04, 20, 50, 32),
]


def pages() -> Pages:
    found = Pages.of(LINES)
    assert found is not None
    return found


def test_words_of_a_line_are_one_rectangle_and_lines_and_pages_are_kept_apart() -> None:
    assert pages().at(0, 21) == (
        OnPage(1, ((10.0, 20.0, 105.0, 32.0), (10.0, 34.0, 50.0, 46.0))),
        OnPage(3, ((10.0, 20.0, 50.0, 32.0),)),
    )


def test_a_part_of_a_word_is_cut_in_proportion() -> None:
    assert pages().at(1, 4) == (OnPage(1, ((20.0, 20.0, 50.0, 32.0),)),)


def test_blanks_between_words_stand_nowhere() -> None:
    assert pages().at(15, 17) == () and pages().at(5, 6) == ()
    assert Pages.of([]) is None


def test_the_last_page_is_known() -> None:
    assert pages().count == 3


@pytest.mark.parametrize(
    "packed",
    [b"", b"no deflated bytes", zlib.compress(b"abc"), zlib.compress(b""), pages().packed[:-3]],
)
def test_bytes_that_are_no_places_are_refused(packed: bytes) -> None:
    with pytest.raises(ValueError, match="places"):
        Pages.checked(packed, 100)


def test_places_of_another_text_are_refused() -> None:
    assert Pages.checked(pages().packed, 21) == pages()
    with pytest.raises(ValueError, match="places"):
        Pages.checked(pages().packed, 20)


number = st.floats(0, 2000, allow_nan=False)


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 4), st.integers(1, 60), number, number), min_size=1))
def test_every_word_comes_back_at_its_place(words: list[tuple[int, int, int, float, float]]) -> None:
    at, places = 0, []
    for length, gap, page, left, top in words:
        at += gap
        places.append(Placed(at, at + length, page, left, top, left + 6.0 * length, top + 12))
        at += length
    found = Pages.of(places)
    assert found is not None and Pages.checked(found.packed, at) == found
    for place in places:
        (one,) = found.at(place.start, place.end)
        assert one.page == place.page
        assert one.boxes[0] == pytest.approx(place[3:], abs=0.11)


def test_pages_that_were_recognised_are_told_from_those_that_were_read() -> None:
    places = [Placed(0, 4, 1, 10, 20, 30, 32), Placed(5, 9, 2, 10, 20, 30, 32), Placed(10, 14, 2, 35, 20, 50, 32)]
    pages = Pages.of(places, recognised={2})
    assert pages is not None and pages.count == 2 and Pages.checked(pages.packed, 14) == pages
    assert pages.at(0, 14) == (
        OnPage(1, ((10.0, 20.0, 30.0, 32.0),)),
        OnPage(2, ((10.0, 20.0, 50.0, 32.0),), recognised=True),
    )
