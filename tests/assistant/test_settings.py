"""Where settings come from, in which order, and how a wrong one is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.settings import Settings, load_settings
from vectorstore.errors import UsageError


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current directory and an empty configuration directory; no variables."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"ATTEST_{name.upper()}", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    (tmp_path / "config" / "attest").mkdir(parents=True)
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return tmp_path


def test_without_anything_the_defaults_hold() -> None:
    settings = load_settings()
    assert settings == Settings()
    assert (settings.host, settings.port, settings.model) == ("127.0.0.1", 7860, "attest")


def test_flags_come_before_variables_before_the_file_here_before_the_users(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (elsewhere / "config/attest/attest.toml").write_text("port = 1\nsentences = 1\npassages = 11\nhost = 'a'\n")
    Path("attest.toml").write_text("port = 2\nsentences = 2\npassages = 12\n")
    monkeypatch.setenv("ATTEST_PORT", "3")
    monkeypatch.setenv("ATTEST_SENTENCES", "3")
    settings = load_settings({"port": 4, "sentences": None})
    assert (settings.port, settings.sentences, settings.passages, settings.host) == (4, 3, 12, "a")


def test_an_index_in_a_file_is_relative_to_that_file(elsewhere: Path) -> None:
    (elsewhere / "config/attest/attest.toml").write_text("index = 'mine'\n")
    assert load_settings().index == elsewhere / "config/attest/mine"


def test_a_home_directory_is_expanded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTEST_INDEX", "~/articles")
    assert load_settings().index == Path.home() / "articles"


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTEST_PORT", "")
    assert load_settings().port == 7860


def test_variables_of_other_uses_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTEST_CACHE", "somewhere")
    load_settings()


@pytest.mark.parametrize(
    ("flags", "variables", "file", "told"),
    [
        ({"port": 70000}, {}, "", "--port is '70000'"),
        ({"index": ""}, {}, "", "--index is ''"),
        ({}, {"ATTEST_PORT": "many"}, "", "ATTEST_PORT is 'many'"),
        ({}, {"ATTEST_SENTENCES": "0"}, "port = 1", "ATTEST_SENTENCES is '0'"),
        ({}, {}, "port = -1", "port in attest.toml is '-1'"),
        ({}, {}, "prot = 1", "prot in attest.toml: there is no such setting"),
        ({}, {}, "port = ", "attest.toml is not valid TOML"),
    ],
)
def test_a_wrong_value_is_told_in_one_line_that_names_its_source(
    flags: dict[str, object],
    variables: dict[str, str],
    file: str,
    told: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    if file:
        Path("attest.toml").write_text(file)
    with pytest.raises(UsageError) as raised:
        load_settings(flags)
    assert str(raised.value).startswith(told)
    assert "\n" not in str(raised.value)


def test_a_file_that_is_a_directory_is_told() -> None:
    Path("attest.toml").mkdir()
    with pytest.raises(UsageError, match=r"attest\.toml cannot be read"):
        load_settings()


def test_settings_alone_read_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTEST_PORT", "3")
    assert Settings().port == 7860
