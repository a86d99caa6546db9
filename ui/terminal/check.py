"""`attest check`: is a text supported by the source, sentence by sentence; `attest recheck`: do quotations stand."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ui.opening import open_index_with_documents
from ui.terminal.consoles import results
from vectorstore.errors import InputError, UsageError

if TYPE_CHECKING:
    from assistant.settings import Settings

_STDIN = "-"
_MOST_BYTES = 1_000_000
"""Far more than the characters that are checked; a file is not read beyond."""


def check(settings: Settings, text: str, *, as_json: bool, documents: Sequence[str] = ()) -> int:
    """Prints what the source says of each sentence of a text; whatever the verdict, the exit code is 0. `documents`:
    the names of those that are asked; all, if there are none.

    Raises UsageError for a text that is empty or too long, and where a name names no document or several, AttestError
    for a checker that cannot be loaded.
    """
    from assistant.check.checker import check_text
    from assistant.check.crossencoder import checker_for

    if not text.strip():
        raise UsageError('there is nothing to check: attest check "CLAIM", or --file FILE')
    check_text(text)
    with open_index_with_documents(settings, "attest check") as index:
        from ui.terminal.overview import chosen

        ids = [chosen(name, index.heads()).id for name in documents] or None
        checked = checker_for(index, settings).check(text, document_ids=ids)
        if as_json:
            from assistant.wire import check_to_dict, dumps

            ascii_only = sys.stdout.encoding.lower() not in ("utf-8", "utf8")
            print(dumps(check_to_dict(checked), indent=2, ascii_only=ascii_only))
        else:
            from ui.terminal.check_view import print_check

            print_check(results(), checked)
    return 0


def recheck(settings: Settings, path: Path, *, as_json: bool) -> int:
    """Prints what has become of each quotation of a file of saved answers. Returns 0 where all stand or have moved, 1
    where one has changed or is gone. Raises UsageError for a file that holds none."""
    from assistant.check.answers.recheck import HOLDS, rechecked
    from assistant.check.answers.saved import read_saved

    quotations = read_saved(path)
    with open_index_with_documents(settings, "attest recheck") as index:
        found = list(rechecked(quotations, index))
        if as_json:
            from assistant.wire import dumps, rechecked_to_dict

            ascii_only = sys.stdout.encoding.lower() not in ("utf-8", "utf8")
            print(dumps(rechecked_to_dict(found), indent=2, ascii_only=ascii_only))
        else:
            from ui.terminal.check_view import print_rechecked

            print_rechecked(results(), found)
    return 0 if all(one.status in HOLDS for one in found) else 1


def text_of(claim: str | None, file: str | None) -> str:
    """The text to check: the claim itself, or what a file or standard input holds. Raises UsageError where there is not
    one of both, InputError for a file that cannot be read as text."""
    if (claim is None) == (file is None):
        raise UsageError('give one thing to check: attest check "CLAIM", or attest check --file FILE')
    return claim if file is None and claim is not None else _read(str(file))


def _read(file: str) -> str:
    named = "standard input" if file == _STDIN else file
    try:
        if file == _STDIN:
            content = sys.stdin.buffer.read(_MOST_BYTES + 1)
        else:
            path = Path(file)
            if not path.is_file():
                raise InputError(f"{named}: there is no such file" if not path.exists() else f"{named} is not a file")
            with path.open("rb") as opened:
                content = opened.read(_MOST_BYTES + 1)
    except OSError as error:
        raise InputError(f"{named} cannot be read: {error.strerror or error}") from None
    if len(content) > _MOST_BYTES:
        raise InputError(f"{named} is larger than a text that can be checked: check it in parts")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{named} is not UTF-8 text: save it as UTF-8; other formats can be ingested only") from None
