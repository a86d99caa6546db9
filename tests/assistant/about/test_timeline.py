"""Which words are dates, and the order they stand for."""

from __future__ import annotations

import pytest

from assistant.about.timeline import dates_of


@pytest.mark.parametrize(
    ("text", "words", "when"),
    [
        ("It was laid out in 1612 by Anker.", "1612", (1612, 0, 0)),
        ("On 14 December, 1922, he fell ill.", "14 December, 1922", (1922, 12, 14)),
        ("On the 3rd of May 1808 they came.", "3rd of May 1808", (1808, 5, 3)),
        ("They met on July 4, 1776.", "July 4, 1776", (1776, 7, 4)),
        ("The meeting of 2024-03-09 was short.", "2024-03-09", (2024, 3, 9)),
        ("Signed on 09.11.1918 in Kiel.", "09.11.1918", (1918, 11, 9)),
        ("In the late 1890s it closed.", "the late 1890s", (1890, 0, 0)),
        ("It is a church of the 12th century.", "12th century", (1101, 0, 0)),
        ("The nineteenth-century mill burnt.", "nineteenth-century", (1801, 0, 0)),
        ("He was killed in 44 BC.", "44 BC", (-44, 0, 0)),
        ("The war (1914–1918) was long.", "1914–1918", (1914, 0, 0)),
        ("In the spring of 1921 farmers rose.", "1921", (1921, 0, 0)),
        ("Brandt (1870-1924) was a miller.", "1870-1924", (1870, 0, 0)),
        ("1905 was a bad year.", "1905", (1905, 0, 0)),
        ("In the storm of 1879 the tower fell.", "1879", (1879, 0, 0)),
        ("It opened in Sept. 1999.", "Sept. 1999", (1999, 9, 0)),
    ],
)
def test_a_date_is_found_as_it_stands(text: str, words: str, when: tuple[int, int, int]) -> None:
    (first, *_) = dates_of(text, None)
    assert (text[slice(*first[0])], first[1]) == (words, when)


@pytest.mark.parametrize(
    "text",
    [
        "It cost 1500 crowns.",
        "By 2000 votes it was refused.",
        "The army of 1200 men marched.",
        "A total of 1905 was reached.",
        "It has a height of 1200 metres.",
        "Room 1905 is closed.",
        "It rose to 2000%.",
        "Call 1234-5678.",
        "It may rain in May.",
        "Version 2024.1 is out.",
        "They marched 12 miles in March.",
    ],
)
def test_a_number_or_a_month_alone_is_no_date(text: str) -> None:
    assert list(dates_of(text, None)) == []


def test_a_day_without_a_year_takes_the_year_before_it() -> None:
    text = "He came in 1921. On 3 May he left."
    assert [when for _, when in dates_of(text, None)] == [(1921, 0, 0), (1921, 5, 3)]
    assert [when for _, when in dates_of("On May 3 he left.", 1800)] == [(1800, 5, 3)]
    assert list(dates_of("On May 3 he left.", None)) == []
