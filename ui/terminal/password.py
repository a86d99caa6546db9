"""`attest password`: one line for the file that `attest serve --auth` reads.

It writes no file, and shows no password.
"""

from __future__ import annotations

import sys

from vectorstore.errors import UsageError


def password(user: str) -> int:
    """Asks twice for a password, or reads one line where standard input is no terminal; prints `user:hash` and returns
    the exit code. Raises UsageError where the two differ, and for what cannot be used."""
    from ui.web.server.passwords import auth_line

    print(auth_line(user, _asked() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")), flush=True)
    return 0


def _asked() -> str:
    from getpass import getpass

    first = getpass("Password: ")
    if getpass("Again: ") != first:
        raise UsageError("the two passwords differ: nothing was made; try again")
    return first
