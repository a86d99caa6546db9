"""What is printed cannot steer a terminal, and words stay words."""

from __future__ import annotations

from vectorstore.printable import printable, printable_line


def test_a_line_keeps_words_apart_and_letters_together() -> None:
    assert printable_line(" a\t\n b\u200fc é 漢\x85d می\u200cخواهم ") == "a bc é 漢 d می\u200cخواهم"


def test_what_would_steer_a_terminal_is_seen_to_have_been_there() -> None:
    assert printable("a\x1b[31mb\x9b1mc\x00d\ud800") == "a\ufffd[31mb\ufffd1mc\ufffdd\ufffd"


def test_columns_stay_where_they_are() -> None:
    assert printable("a   b\tc\u00a0 ") == "a   b c  "
