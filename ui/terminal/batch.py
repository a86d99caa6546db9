"""Answers a JSONL file of questions into a JSONL file of answers, in the same order.

Answers go line by line into `OUTPUT.partial`, which takes the place of OUTPUT when the last line is done: a run that
is stopped leaves an earlier OUTPUT as it was, and its own answers in the partial file.

But: it opens no index and prints nothing; broken lines are handed to `report`.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from assistant.replay import Asks, Conversations
from assistant.understanding.question import holds_half_a_pair
from assistant.wire import answer_to_dict, dumps
from vectorstore.errors import InputError, StorageError, UsageError


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One line of the input. `number` counts from 1, blank lines included; a line without an id gets that number."""

    number: int
    id: str | int
    question: str
    history: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BatchError:
    """A line that could not be read, and why."""

    number: int
    reason: str


def read_batch(path: Path) -> list[BatchLine | BatchError]:
    """The lines of a batch file, broken ones marked; blank lines are skipped.

    Raises UsageError if the file cannot be read at all.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}): name a JSONL file") from None
    lines = raw.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    return [_parse(number, line) for number, line in enumerate(lines, start=1) if line.strip()]


def run_batch(
    lines: Sequence[BatchLine | BatchError],
    output: Path,
    assistant: Asks,
    *,
    report: Callable[[str], None],
    progress: Callable[[int], None] = lambda done: None,
) -> int:
    """Answers every line that can be answered; returns how many could not, each told to `report` in one line.

    Raises StorageError if the output cannot be written.
    """
    failed = 0
    conversations = Conversations(assistant)
    for number, identity in _repeated(lines):
        report(f"line {number}: the id {identity!r} was used before; both lines are answered")
    partial, final = output_paths(output)
    with _writing(partial):
        file = partial.open("w", encoding="utf-8", newline="\n")
    with file:
        for done, line in enumerate(lines, start=1):
            try:
                row = _answer(line, conversations)
            except (UsageError, InputError) as error:
                failed += 1
                report(f"line {line.number}: {error}")
            else:
                with _writing(partial):
                    file.write(row + "\n")
                    file.flush()
            progress(done)
    if partial != final:
        with _writing(final):
            os.replace(partial, final)
    return failed


def check_output(source: Path, output: Path) -> None:
    """Refuses, before any work, an output that would destroy the input or that cannot be written.

    Raises UsageError.
    """
    partial, final = output_paths(output)
    for path in (partial, final):
        if path.exists() and source.exists() and path.samefile(source):
            raise UsageError(f"--output {output} would overwrite the questions in {source}: name another file")
    if final.is_dir():
        raise UsageError(f"--output {output} is a directory: name a file in it")
    if not final.parent.is_dir():
        raise UsageError(f"--output {output}: there is no directory {final.parent}; make it first")
    if not os.access(final.parent if not final.exists() else final, os.W_OK):
        raise UsageError(f"--output {output} cannot be written: no permission")


def output_paths(output: Path) -> tuple[Path, Path]:
    """Where answers are written first, and where they end up; the same for a pipe or a device."""
    final = output.resolve()
    if final.exists() and not final.is_file():
        return final, final
    return final.with_name(final.name + ".partial"), final


def _parse(number: int, line: bytes) -> BatchLine | BatchError:
    try:
        value = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        return BatchError(number, "not UTF-8")
    except (ValueError, RecursionError) as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else "a value is out of bounds"
        return BatchError(number, f"not JSON ({reason})")
    invalid = _why_invalid(value)
    if invalid:
        return BatchError(number, invalid)
    identity = value.get("id")
    history = tuple(value.get("history") or ())
    return BatchLine(number, number if identity is None else identity, value["question"], history)


def _why_invalid(value: object) -> str | None:
    if not isinstance(value, dict):
        return 'not an object; expected {"id": ..., "question": ..., "history": [...]}'
    if not isinstance(value.get("question"), str):
        return '"question" must be text' if "question" in value else 'there is no "question"'
    identity, history = value.get("id"), value.get("history") or []
    if isinstance(identity, bool) or not isinstance(identity, str | int | None):
        return '"id" must be text or a whole number'
    if not isinstance(history, list) or not all(isinstance(earlier, str) for earlier in history):
        return '"history" must be a list of earlier questions'
    if any(holds_half_a_pair(text) for text in (value["question"], str(identity), *history)):
        return "half a surrogate pair in the text"
    return None


def _repeated(lines: Sequence[BatchLine | BatchError]) -> Iterator[tuple[int, str | int]]:
    seen: set[str | int] = set()
    for line in lines:
        if isinstance(line, BatchLine):
            if line.id in seen:
                yield line.number, line.id
            seen.add(line.id)


def _answer(line: BatchLine | BatchError, conversations: Conversations) -> str:
    if isinstance(line, BatchError):
        raise InputError(line.reason)
    started = time.perf_counter()
    answer = conversations.ask(line.question, line.history)
    return dumps(answer_to_dict(answer, id=line.id, seconds=time.perf_counter() - started))


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise StorageError(f"{path} cannot be written ({error.strerror}): free some space, or name another") from None
