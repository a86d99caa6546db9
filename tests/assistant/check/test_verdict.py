"""From signals to a verdict."""

from __future__ import annotations

import pytest

from assistant.check.signals import SIGNALS
from assistant.check.verdict import load_verdicts


def contradiction(**signals: float) -> float:
    """The probability where the network is sure that the source says otherwise, and these signals differ from none."""
    given = {name.replace("_", " "): value for name, value in signals.items()}
    return load_verdicts().contradiction({**dict.fromkeys(SIGNALS, 0.0), "contradicts": 6.0, "precision": 0.9, **given})


def test_the_network_alone_contradicts_what_the_source_holds_nearly_all_of() -> None:
    assert contradiction() > 0.9


@pytest.mark.parametrize("lacking", [{"precision": 0.5}, {"number_absent": 1}, {"date_absent": 1}, {"name_absent": 1}])
def test_it_does_not_where_the_source_lacks_some_of_it(lacking: dict[str, float]) -> None:
    assert contradiction(**lacking) == 0
    assert contradiction(**lacking, number_differs=1) > 0.5
