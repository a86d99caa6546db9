"""Rows that a question picks by order are found in the column that holds the measure, or not at all."""

from __future__ import annotations

import pytest

from assistant.understanding.lookup import look_up
from assistant.understanding.ordered import order_of
from assistant.understanding.question import analyse
from vectorstore.table_rows import tables, written

MILLS = written(
    ["Mill", "Kind", "Height", "Rent per month", "Rent per year", "Built", "Sails"],
    [
        ["Aldin", "post mill", "9.8 m", "£90", "£1,050", "1787", "4"],
        ["Berra", "smock mill", "14.2 m", "£260", "£2,900", "1811", "6"],
        ["Corve", "smock mill", "11.05 m", "£60", "£700", "1799", "6"],
        ["Dorn", "post mill", "8 m", "£115", "£1,300", "1894", ""],
        ["Total", "", "43 m", "£525", "£5,950", "", "16"],
    ],
)
SHOWS = written(
    ["Show", "First night", "Seats", "Length"],
    [["Reeds", "3 May 2019", "1.204,50", "90 min"], ["Ash", "12 January 2020", "980,25", "2 h"]],
)
TRAINS = written(["Train", "Departs", "Weight"], [["Fox", "9:15", "4–6 t"], ["Owl", "10:05", "5 t"]])
LEASES = written(
    ["Shop", "Date signed", "Year renewed", "Area", "Cost"],
    [
        ["All Saints Bakery", "7 March 2021", "2020", "90 m", "£400"],
        ["Lamp", "2 October 2021", "3 May 2020", "70 m", "£90"],
        ["Total", "", "", "160 m", "£490"],
    ],
)
PULSES = written(["Probe", "Length"], [["Nib", "5 ms"], ["Tor", "3 m"]])
OLD = written(["Shed", "Opened"], [["Ash", "3 ſep 1999"], ["Elm", "4 May 1987"]])
FARES = written(["Ticket", "Cost"], [["Adults", "£8"], ["Children under 5", "£2"]])
KEEPERS = written(["Keeper", "Age"], [["Ada", "41"], ["Jon", "67"]])

CRATES = written(
    ["Crate", "Mass", "Length", "Time", "Tank", "Duty"],
    [
        ["Red", "850 g", "40 cm", "2 h 30 min", "4 gallons", "1 t"],
        ["Blue", "2.5 kg", "0.35 m", "90 min", "20 litres", "£3"],
        ["Green", "1.9 kg", "55 cm", "1 hour", "2 gallons", "2 kg"],
    ],
)
TOWNS = written(
    ["Town", "Population", "Distance", "Speed of train", "Rest", "Stay"],
    [
        ["Ash", "9,100", "1.2 km", "100 km/h", "30 days", "5 m"],
        ["Elm", "12,400", "900 m", "20 m/s", "1 month", "2 h"],
    ],
)


def picked(table: str, question: str) -> list[str] | None:
    """The first cells of the rows, None where the question points at none by order."""
    text = f"Before it.\n\n{table}\n\nBehind it."
    (found,) = tables(text)
    if order_of(question) is None:
        return None
    pointed = look_up(analyse(question), text, question).found.get(found.rows[0][0])
    assert pointed == look_up(analyse(question), text).found.get(found.rows[0][0])
    if pointed is None or not pointed.one_by_one:
        return None
    return [text[slice(*found.rows[row])].split("|")[1].strip() for row in sorted(pointed.rows)]


@pytest.mark.parametrize(
    ("table", "question", "rows"),
    [
        (MILLS, "Which mill is the tallest?", ["Berra"]),
        (MILLS, "What are the two tallest mills?", ["Berra", "Corve"]),
        (MILLS, "Which post mill is the tallest?", ["Aldin"]),
        (MILLS, "Which mill has the most sails?", ["Berra", "Corve"]),
        (MILLS, "What is the oldest mill?", ["Aldin"]),
        (MILLS, "Which mills were built before 1800?", ["Aldin", "Corve"]),
        (MILLS, "Which mills were built after 1811?", ["Dorn"]),
        (MILLS, "Which mills have been built since 1811?", ["Berra", "Dorn"]),
        (MILLS, "Which mill is the cheapest per month?", ["Corve"]),
        (MILLS, "Which mill has the highest rent per year?", ["Berra"]),
        (MILLS, "Which mills are taller than 11.05 m?", ["Berra"]),
        (MILLS, "Which mills have at least 6 sails?", ["Berra", "Corve"]),
        (MILLS, "Which mills are higher than 20 m?", []),
        (SHOWS, "Which show has the fewest seats?", ["Ash"]),
        (SHOWS, "Which show was the latest?", ["Ash"]),
        (TRAINS, "Which train leaves earliest?", ["Fox"]),
        (TRAINS, "Which train departs earliest?", ["Fox"]),
        (LEASES, "Which shop signed latest?", ["Lamp"]),
        (LEASES, "Which shop signed earliest?", ["All Saints Bakery"]),
        (LEASES, "Which shop is the most expensive?", ["All Saints Bakery"]),
        (LEASES, "Which shops cost less than £100?", ["Lamp"]),
        (LEASES, "Which shops renewed before 2021?", ["All Saints Bakery", "Lamp"]),
        (LEASES, "Which shops have an area of more than 80 metres area?", ["All Saints Bakery"]),
        (FARES, "What is the cost for children under 5?", ["Children under 5"]),
        (KEEPERS, "Who is the oldest keeper?", ["Jon"]),
        (KEEPERS, "Which keeper is the youngest?", ["Ada"]),
        (SHOWS, "Which show is the longest?", ["Ash"]),
        (LEASES, "Which shops have more than 80 yards of area?", ["All Saints Bakery"]),
        (CRATES, "Which crate is the heaviest?", ["Blue"]),
        (CRATES, "Which is the lightest?", ["Red"]),
        (CRATES, "Which crates are heavier than 900 g?", ["Blue", "Green"]),
        (CRATES, "Which crate is the longest?", ["Green"]),
        (CRATES, "Which crates are longer than 1 foot?", ["Red", "Blue", "Green"]),
        (CRATES, "Which crate took the longest time?", ["Red"]),
        (MILLS, "Which mill is the highest?", ["Berra"]),
        (MILLS, "Which mill is the lowest?", ["Dorn"]),
        (MILLS, "Which mills are higher than 1000 cm?", ["Berra", "Corve"]),
        (TOWNS, "Which town is the largest?", ["Elm"]),
        (TOWNS, "Which town is the farthest?", ["Ash"]),
        (TOWNS, "Which town has the fastest train?", ["Ash"]),
    ],
)
def test_the_rows_that_come_first(table: str, question: str, rows: list[str] | None) -> None:
    assert picked(table, question) == rows


@pytest.mark.parametrize(
    ("table", "question"),
    [
        (MILLS, "Which mill is the second tallest?"),
        (MILLS, "Which mill is the cheapest?"),  # by the month, or by the year
        (MILLS, "Which mill is the deepest?"),
        (MILLS, "Which mill ground the most corn?"),
        (MILLS, "Which boat is the oldest?"),
        (MILLS, "Is Berra the tallest mill?"),
        (MILLS, "How tall is Berra?"),
        (TRAINS, "Which train is the heaviest?"),  # a range
        (KEEPERS, "Where do most keepers live?"),
        (KEEPERS, "Which keepers were born after 1950?"),  # an age
        (TRAINS, "Which trains leave before 1900?"),  # the hour, or the year
        (LEASES, "Which is the latest year renewed?"),  # in 2020, and in May 2020
        (LEASES, "Which shops cost less than $100?"),
        (LEASES, "Which shops have more than 80 litres of area?"),
        (LEASES, "What are the zero cheapest shops?"),
        (PULSES, "Which probe is the longest?"),
        (CRATES, "Which crate has the largest tank?"),  # gallons are of two sizes
        (CRATES, "Which crate has the highest duty?"),
        (CRATES, "Which crates weigh more than 2 mass?"),  # grams, or kilograms
        (TOWNS, "Which town has the longest rest?"),  # of a month
        (TOWNS, "Which town has the longest stay?"),  # metres, or minutes
        (OLD, "Which shed is the oldest?"),  # a letter that only looks like one of a month
        (OLD, "Which shed is the oldeſt?"),
    ],
)
def test_in_doubt_no_row_is_picked(table: str, question: str) -> None:
    assert picked(table, question) is None


def test_a_place_of_which_the_text_does_not_speak_has_no_tallest_mill() -> None:
    text = f"Before it.\n\n{MILLS}\n\nBehind it."
    (table,) = tables(text)
    assert look_up(analyse("Which is the tallest mill in Holm?"), text).found[table.rows[0][0]].rows == frozenset()


def test_what_is_picked_is_what_is_asked_for_where_the_question_says_nothing_else() -> None:
    text = f"Before it.\n\n{MILLS}\n\nBehind it."
    (table,) = tables(text)
    asked = [
        look_up(analyse(q), text).found[table.rows[0][0]].asked
        for q in ("Which mill is tallest?", "Which mill that Ivo Blau painted is tallest?")
    ]
    assert asked == [True, False]
