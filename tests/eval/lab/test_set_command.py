"""The commands about a set refuse what cannot be used in one line, before any model is loaded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from eval.bench import beside
from eval.lab import ablation, finding, sensitivity

ORIGINAL = Path(__file__).parents[3] / "eval" / "sets" / "original.jsonl"


@pytest.mark.parametrize("main", [ablation.main, beside.main, finding.main, sensitivity.main])
@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["missing.jsonl"], "missing.jsonl cannot be read"),
        ([str(ORIGINAL)], "name its file with --article"),
    ],
)
def test_a_set_that_cannot_be_used_is_one_line_and_exit_2(
    main: Callable[[list[str]], int], arguments: list[str], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    out, err = capsys.readouterr()
    assert (ended.value.code, out, err.count("\n")) == (2, "", 1)
    assert named in err
