"""The file of users: what is in it, what is refused, and that nothing of it is shown."""

from __future__ import annotations

import hashlib
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ui.web.server.passwords import Users, auth_line, read_users
from vectorstore.errors import UsageError

ANNA = auth_line("anna", "correct horse")


def private(folder: Path, text: str) -> str:
    path = folder / "users"
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    return str(path)


def test_the_right_password_of_a_known_user_is_admitted(tmp_path: Path) -> None:
    users = read_users(private(tmp_path, f"# who may come in\n\n{ANNA}\n{auth_line('bo', 'battery staple')}\n"))
    assert len(users) == 2
    assert users.admits("anna", "correct horse") and users.admits("bo", "battery staple")
    for user, password in [("anna", "correct hors"), ("anna", "battery staple"), ("bo", ""), ("eve", "correct horse")]:
        assert not users.admits(user, password)


def test_the_line_holds_no_password_and_no_two_are_alike() -> None:
    assert "correct" not in ANNA and auth_line("anna", "correct horse") != ANNA
    assert ANNA.startswith("anna:$scrypt$ln=15,r=8,p=3$")


def test_a_letter_may_be_typed_composed_or_not() -> None:
    assert read_users(auth_line("anna", "caf\u00e9 du nord")).admits("anna", "cafe\u0301 du nord")


def test_an_unknown_user_costs_as_much_as_a_wrong_password(monkeypatch: pytest.MonkeyPatch) -> None:
    users, scrypt = read_users(ANNA), hashlib.scrypt
    costs: list[dict[str, object]] = []

    def counting(password: bytes, **how: Any) -> bytes:
        costs.append({"password": len(password), **{name: how[name] for name in ("n", "r", "p", "dklen")}})
        return scrypt(password, **how)

    monkeypatch.setattr(hashlib, "scrypt", counting)
    assert not users.admits("anna", "a wrong password") and not users.admits("nobody", "a wrong password")
    known, unknown = costs
    assert known == unknown and known["n"] == 2**15


@pytest.mark.parametrize(
    "line",
    [
        "anna:hunter2hunter2",
        "hunter2hunter2",
        "anna:$scrypt$ln=15,r=8,p=3$hunter2hunter2",
        ":" + ANNA.partition(":")[2],
        "an na:" + ANNA.partition(":")[2],
        ANNA.replace("ln=15", "ln=30"),
        ANNA.replace("r=8", "r=99"),
        ANNA.replace("p=3", "p=0"),
        ANNA.replace("ln=15", "ln=3"),
    ],
    ids=range(9),
)
def test_a_line_of_another_form_is_refused_by_its_number_without_its_content(tmp_path: Path, line: str) -> None:
    path = private(tmp_path, f"{auth_line('bo', 'battery staple')}\n{line}\n")
    with pytest.raises(UsageError, match=r"users, line 2: .*attest password USER") as refused:
        read_users(path)
    assert "hunter" not in str(refused.value) and "scrypt" not in str(refused.value)


def test_a_user_stands_there_once(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="line 2: this user stands on an earlier line"):
        read_users(private(tmp_path, f"{ANNA}\n{ANNA}\n"))


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o622])
def test_a_file_that_others_may_read_or_write_is_refused_and_the_advice_mends_it(tmp_path: Path, mode: int) -> None:
    path = Path(private(tmp_path, ANNA))
    path.chmod(mode)
    with pytest.raises(UsageError) as refused:
        read_users(str(path))
    command = str(refused.value).rpartition("first: ")[2]
    assert command == f"chmod 600 {path}"
    subprocess.run(command.split(), check=True)
    assert len(read_users(str(path))) == 1


def test_what_is_no_file_of_users_is_refused_in_one_line(tmp_path: Path) -> None:
    for path in (str(tmp_path / "missing"), str(tmp_path), private(tmp_path, "\n# nobody\n")):
        with pytest.raises(UsageError) as refused:
            read_users(path)
        assert path in str(refused.value) and "\n" not in str(refused.value)
    Path(private(tmp_path, "")).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="not UTF-8"):
        read_users(str(tmp_path / "users"))


@pytest.mark.parametrize("user", ["", "an na", "an:na", "a" * 65, "anna\n", "\x1b[31m"])
def test_a_name_that_cannot_stand_in_the_file_is_refused(user: str) -> None:
    with pytest.raises(UsageError, match="a user's name"):
        auth_line(user, "correct horse")


@pytest.mark.parametrize("password", ["", "short", "x" * 1_001])
def test_a_password_has_a_sensible_length(password: str) -> None:
    with pytest.raises(UsageError, match="8 to 1,000 characters"):
        auth_line("anna", password)


COMMAND = [
    sys.executable,
    "-c",
    "import sys; from ui.terminal.cli import main; main(['password', *sys.argv[1:]])",
    "anna",
]


def test_the_command_reads_a_line_where_it_is_piped() -> None:
    ended = subprocess.run(COMMAND, input="correct horse\n", capture_output=True, text=True, check=False, timeout=60)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.count("\n") == 1
    assert read_users(ended.stdout.strip()).admits("anna", "correct horse")
    ended = subprocess.run(COMMAND, input="short\n", capture_output=True, text=True, check=False, timeout=60)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("attest: ") and ended.stderr.count("\n") == 1


@pytest.mark.parametrize(("again", "code"), [("correct horse", 0), ("correct house", 2)])
def test_the_command_asks_twice_in_a_terminal_and_shows_nothing_of_it(again: str, code: int) -> None:
    terminal, inside = pty.openpty()
    with subprocess.Popen(
        COMMAND, stdin=inside, stdout=subprocess.PIPE, stderr=inside, text=True, start_new_session=True
    ) as process:
        shown = b""
        for prompt, typed in ((b"Password: ", "correct horse"), (b"Again: ", again)):
            while prompt not in shown:
                shown += os.read(terminal, 1_000)
            os.write(terminal, typed.encode() + b"\n")
        out, _ = process.communicate(timeout=60)
        assert process.returncode == code
    os.set_blocking(terminal, False)
    shown += os.read(terminal, 10_000)
    os.close(terminal)
    os.close(inside)
    assert b"correct" not in shown
    assert ("the two passwords differ" in shown.decode()) == (code == 2)
    assert (out == "") == (code == 2)
    assert code or read_users(out.strip()).admits("anna", "correct horse")


def test_users_are_never_shown_with_their_hashes() -> None:
    assert isinstance(read_users(ANNA), Users) and "scrypt" not in repr(read_users(ANNA))
