"""Which rows of a table a question points at."""

from __future__ import annotations

import time

import pytest

from assistant.understanding.lookup import look_up, under_other_keys
from assistant.understanding.question import analyse
from vectorstore.table_rows import tables, written

RAIN = written(
    ["Year", "Valley", "Rain"],
    [
        ["1911", "Upper", "640"],
        ["1911", "Lower", "512"],
        ["1912", "Upper", "702"],
        ["1912", "Lower", "530"],
        ["1913", "Upper", "611"],
    ],
)
FARES = written(
    ["From", "To", "Fare"],
    [["Asker", "Holm", "12.50"], ["Asker", "Vik", "18"], ["Holm", "Vik", "8"], ["Vik", "Ro", "9"]],
)
TICKETS = written(["Zone", "Day", "Week"], [["A", "4", "16"], ["B", "6", "24"], ["A and B", "8", "30"]])
TRAINS = written(["Platform", "Train", "Departs"], [["9", "Express 12", "10:15"], ["10", "Local 9", "10:20"]])
DOSES = written(["Drug", "Weight", "Dose"], [["Tolvex", "under 20 kg", "5"], ["Tolvex", "20 to 40 kg", "9"]])
PEOPLE = written(
    ["Name", "Born", "Died"],
    [["Ada Reyes", "3 May 1870", "1912"], ["Ada Fell", "1881", "1950"], ["Jo Reyes", "1899", ""]],
)
HOURS = written(["House", "Open", "Sunday"], [["Mill", "9 to 12", "closed"], ["Town Hall", "10 to 5", "open"]])
GROUPED = written(["Boat", "Leaves"], [["Summer"], ["Tern", "8:00"], ["Gull", "9:00"], ["Winter"], ["Tern", "10:00"]])

LABELLED = written(
    ["Name", "Trade", "Wage"],
    [
        ["Men", "", ""],
        ["Aksel Roe", "miller", "45"],
        ["Jon Orme", "clerk", "30"],
        ["Women", "", ""],
        ["Ida Brandt", "cook", "28"],
        ["Mara Lund", "clerk", "35"],
    ],
)
UNKNOWN = written(
    ["Name", "Trade", "Wage"], [["Aksel Roe", "miller", "45"], ["Jon Orme", "", ""], ["Ada Fell", "cook", "9"]]
)
MISSING = written(["Name", "Trade", "Wage"], [["Aksel Roe", "", ""], ["Jon Orme", "clerk", "30"]])
DAYS_OPEN = written(["Day", "State", "Until"], [["Monday", "closed", ""], ["Tuesday", "open", "17:00"]])

VISITS = "The visitors of each year.\n\n" + written(
    ["Visitors", "Jan", "Feb.", "March"],
    [["2019", "31", "29", "40"], ["2020", "33", "30", "12"], ["2021", "1", "2", "4"]],
)
HALLS = written(["Hall", "Mon", "Tue"], [["Ships", "10–16", "closed"], ["Birds", "closed", "9–15"]])
MONTHLY = "Rain and fog\n\n" + written(
    ["", "Jan", "Feb", "Mar"], [["Rain (mm)", "61", "44", "38"], ["Days of fog", "3", "5", "9"]]
)


def pointed(table: str, question: str, said: str = "") -> list[int] | None:
    """The numbers of the rows, None where all of them may answer."""
    text = f"Before it.\n\n{table}\n\nBehind it."
    (found,) = tables(text)
    rows = look_up(analyse(question), text, said).found.get(found.rows[0][0])
    return None if rows is None else sorted(rows.rows)


@pytest.mark.parametrize(
    ("table", "question", "rows"),
    [
        (RAIN, "How much rain fell in the lower valley in 1912?", [3]),
        (RAIN, "How much rain fell in the Lower valley in 1913?", []),
        (RAIN, "How much rain fell in the lower valley in 1911 and in 1912?", [1, 3]),
        (RAIN, "Did more rain fall in 1911 or in 1912 in the upper valley?", [0, 2]),
        (RAIN, "Which year had the most rain in the upper valley?", [2]),
        (RAIN, "Which valley had 512 mm in 1911?", [1]),
        (RAIN, "Did 512 mm fall in the upper valley in 1911?", [0]),
        (RAIN, "Who measured the rain?", None),
        (RAIN, "How much rain fell in the harbour in 1911?", []),
        (RAIN, "How much rain fell in the upper harbour in 1911?", [0]),
        (FARES, "What is the fare from Holm to Vik?", [2]),
        (FARES, "What is the fare from Ro to Asker?", []),
        (FARES, "What is the fare from Asker?", [0, 1]),
        (LABELLED, "Who are the women?", [3, 4, 5]),
        (LABELLED, "Which of the women is a clerk?", [5]),
        (LABELLED, "What is the wage of Jon Orme?", [2]),
        (UNKNOWN, "What is the wage of Jon Orme?", [1]),
        (MISSING, "What is the wage of Aksel Roe?", [0]),
        (DAYS_OPEN, "When does the mill close on Tuesday?", [1]),
        (DAYS_OPEN, "Which day is the mill closed?", [0]),
        (FARES, "Is there a boat from Ro to Asker?", None),
        (TICKETS, "What is a day ticket in zone B?", [1]),
        (TICKETS, "What is a week ticket for zones A and B?", [2]),
        (TICKETS, "A week ticket: what is it?", None),
        (TRAINS, "When does the train from platform 9 leave?", [0]),
        (TRAINS, "When does Local 9 leave?", [1]),
        (TRAINS, "Which train leaves at 10:15?", [0]),
        (DOSES, "How much Tolvex for a child of 20 to 40 kg?", [1]),
        (DOSES, "How much Tolvex for a child under 20 kg?", [0]),
        (PEOPLE, "When was Ada Reyes born?", [0]),
        (PEOPLE, "When was Reyes born?", [0, 2]),
        (PEOPLE, "Who was born in 1870?", [0]),
        (HOURS, "When does the mill open?", [0]),
        (GROUPED, "When does the Tern leave in winter?", [4]),
        (VISITS, "How many in March?", [0, 1, 2]),
        (VISITS, "How many visitors in February and in March?", [0, 1, 2]),
        (VISITS, "How many in March 2020?", [1]),
        (VISITS, "How many letters in March?", None),  # of which the table does not speak
        (VISITS, "How many in June?", None),
        (VISITS, "Did many come in March?", None),
        (HALLS, "Which hall is closed on Monday?", [1]),
        (HALLS, "Which hall is closed on Tuesday?", [0]),
        (HALLS, "Which hall is closed on Monday or on Tuesday?", [0, 1]),
        (MONTHLY, "How much rain in Mar?", [0]),
        (MONTHLY, "How many days of fog in February?", [1]),
    ],
)
def test_the_rows_that_hold_all_cells_that_are_named(table: str, question: str, rows: list[int] | None) -> None:
    assert pointed(table, question) == rows


def test_a_conversation_points_at_fewer_rows_but_takes_none_away() -> None:
    assert pointed(RAIN, "And in 1912?", "How much rain fell in the upper valley in 1911?") == [2]
    assert pointed(RAIN, "And in the Lower one?", "How much rain fell there in 1913?") == [1, 3]
    both = "How much rain fell in the upper valley in 1911 and in 1912?"
    assert pointed(RAIN, both, both) == [0, 2]
    assert pointed(RAIN, "And then?", "How much rain fell in the upper valley in 1911?") == [0]


def test_rows_are_named_alone_or_together_or_only_pointed_at() -> None:
    text = f"Before it.\n\n{RAIN}\n"
    starts = [start for start, _ in tables(text)[0].rows]
    for question, named in (
        ("How much rain fell in the lower valley in 1912?", [3]),
        ("How much rain fell in the lower valley in 1911 and in 1912?", [1, 3]),
        ("How much rain fell in the upper valley?", []),
        ("How much rain fell in the Lower valley in 1913?", []),
        ("How much rain fell?", []),
    ):
        lookup = look_up(analyse(question), text)
        assert [row for row, start in enumerate(starts) if lookup.named(start) is not None] == named


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("How much rain was there in the lower valley in 1912?", [3]),
        ("What was the rain in the Lower valley in 1911 and in 1912?", [1, 3]),
        ("How much snow fell in the lower valley in 1912?", []),
        ("How much rain was there in the lower valley?", []),
        ("Was there rain in the lower valley in 1912?", []),
        ("What of the lower valley in 1912?", []),
    ],
)
def test_rows_that_hold_just_what_is_asked_for(question: str, asked: list[int]) -> None:
    text = f"Before it.\n\n{RAIN}\n"
    starts = [start for start, _ in tables(text)[0].rows]
    lookup = look_up(analyse(question), text, title="The valley")
    assert [row for row, start in enumerate(starts) if lookup.is_asked(start)] == asked


@pytest.mark.parametrize(
    ("question", "title", "asked"),
    [
        ("What does an oil change cost for the Badger?", "Prices of the garage", [0]),
        ("How much is an oil change for the Badger?", "Prices of the garage", [0]),
        ("What does an oil change cost for the Hare?", "Prices of the garage", []),
        ("What does an oil change cost for the Badger?", "The garage", []),
    ],
)
def test_what_something_costs_stands_in_a_list_of_prices(question: str, title: str, asked: list[int]) -> None:
    work = written(["Work", "Otter", "Badger"], [["Oil change", "62", "70"], ["New brakes", "240", "265"]])
    text = f"Before it.\n\n{work}\n"
    starts = [start for start, _ in tables(text)[0].rows]
    lookup = look_up(analyse(question), text, title=title)
    assert [row for row, start in enumerate(starts) if lookup.is_asked(start)] == asked


def test_a_follow_up_asks_for_the_column_of_the_question_before() -> None:
    wages = written(["Name", "Wage", "Since"], [["Aksel Roe", "410", "2001"], ["Jon Orme", "380", "2004"]])
    text = f"Before it.\n\n{wages}\n"
    starts = [start for start, _ in tables(text)[0].rows]
    lookup = look_up(analyse("What about Jon Orme?"), text, "What is the wage of Aksel Roe? What about Jon Orme?")
    assert [lookup.is_asked(start) for start in starts] == [False, True]
    lookup = look_up(analyse("What about Jon Orme?"), text, "Who hired Aksel Roe? What about Jon Orme?")
    assert not any(lookup.is_asked(start) for start in starts)


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("When does the mill open on Monday?", [0]),
        ("When does the mill open?", [0]),
        ("Which house is open on Tuesday?", [1]),
        ("When does it close on Monday?", None),
        ("Which house is closed on Monday?", [0]),
    ],
)
def test_what_is_done_is_no_cell(question: str, rows: list[int] | None) -> None:
    hours = written(["House", "Monday", "Tuesday"], [["Mill", "closed", "9 to 5"], ["Granary", "10 to 4", "open"]])
    assert pointed(hours, question) == rows


def test_days_and_months_may_be_shortened() -> None:
    roster = written(["Ward", "Day", "Doctor"], [["North", "Tue", "Vos"], ["North", "Sept. 4", "Aas"]])
    assert pointed(roster, "Who is in the North ward on Tuesday?") == [0]
    assert pointed(roster, "Who is in the North ward in September?") == [1]


def test_what_stands_elsewhere_may_answer() -> None:
    text = f"In 1913 the lower valley had 498 mm.\n\n{RAIN}\n\nIn 1914 it had less.\n\n{TICKETS}"
    lookup = look_up(analyse("How much rain fell in the lower valley in 1913?"), text)
    rain, tickets = tables(text)
    assert [lookup.allows(at) for at in (0, text.index("In 1914"), tickets.rows[0][0])] == [True, True, True]
    assert not any(lookup.allows(start) for start, _ in rain.rows)


def test_a_cell_of_several_words_is_not_answered_from_tables_without_it() -> None:
    events = written(["Day", "Where"], [["Monday", "Town Hall square"], ["Friday", "Pier"]])
    prices = written(["Hall", "Price"], [["Great hall", "9"], ["Town rooms", "4"]])
    text = f"One.\n\n{HOURS}\n\nTwo.\n\n{events}\n\nThree.\n\n{prices}"
    lookup = look_up(analyse("When does the Town Hall open?"), text)
    hours, where, price = tables(text)
    assert [lookup.allows(start) for start, _ in hours.rows] == [False, True]
    assert lookup.allows(where.rows[0][0]) and not any(lookup.allows(start) for start, _ in price.rows)


def test_long_figures_take_no_long_time() -> None:
    table = written(["Name", "Figures"], [["Roe", "1" * 100_000], ["Orme", "1." * 50_000]])
    begin = time.process_time()
    assert pointed(table, "What are the figures of Roe?") == [0]
    assert time.process_time() - begin < 5


def test_a_text_without_tables() -> None:
    lookup = look_up(analyse("When did it open?"), "It opened in 1887.")
    assert not lookup.found and lookup.allows(0) and lookup.allows(10_000)


@pytest.mark.parametrize(
    ("question", "others"),
    [
        ("Who is the foreman?", [1, 2]),
        ("Who is the night foreman?", [0, 2]),
        ("Who is the cook?", []),
        ("Who repairs the wheels?", []),
    ],
)
def test_lines_under_other_keys_for_the_same_thing(question: str, others: list[int]) -> None:
    keys = {0: "foreman", 1: "night foreman", 2: "foreman of the wheel shop", 3: "cook", 4: "wheels"}
    assert sorted(under_other_keys(analyse(question), keys)) == others


def test_rows_that_come_first_in_one_table_leave_the_others_out() -> None:
    boats = written(["Boat", "Length"], [["Tern", "12 m"], ["Auk", "900 cm"]])
    races = written(["Race", "Boat that won", "Longest leg"], [["June cup", "Auk", "north"], ["Cup", "Tern", "south"]])
    text = f"The boats.\n\n{boats}\n\nThey race.\n\n{races}\n"
    first, other = tables(text)

    def rows(question: str) -> list[list[int]]:
        lookup = look_up(analyse(question), text)
        return [[n for n, row in enumerate(table.rows) if lookup.allows(row[0])] for table in (first, other)]

    assert rows("Which boat is the longest?") == [[0], []]
    assert rows("Which boat is the longest, and which won in the north?") == [[0], [0]]
    assert rows("Which boat won?") == [[0, 1], [0, 1]]


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Is the birds hall open on Tuesday?", [1]),
        ("Is the birds hall open on Monday?", [1]),
        ("Is the hall of ships open on Tuesday?", [0]),
        ("Is the birds hall open on Friday?", []),
        ("Is the minerals hall open on Tuesday?", []),
        ("Are birds sold on Tuesday?", []),
        ("Is the birds hall open?", []),
    ],
)
def test_yes_or_no_is_told_by_the_cell_of_a_row_and_a_day(question: str, asked: list[int]) -> None:
    text = f"Opening hours of the museum\n\n{HALLS}"
    (table,) = tables(text)
    lookup = look_up(analyse(question), text, "", "Opening hours of the museum")
    assert [row for row, (start, _) in enumerate(table.rows) if lookup.is_asked(start)] == asked
