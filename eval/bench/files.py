"""Reads benchmark files (JSON, JSON lines, CSV, TSV, gzip or not); what cannot be read becomes one line of advice."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from vectorstore.errors import UsageError


@contextmanager
def published(path: Path, form: str) -> Iterator[None]:
    """While the block takes `path` apart: whatever is missing or of another type is a UsageError that says that the
    file is not `form`."""
    try:
        yield
    except KeyError as error:
        raise _not(path, form, f"there is no {error}") from None
    except (TypeError, ValueError, AttributeError, IndexError, SyntaxError, csv.Error) as error:
        raise _not(path, form, str(error).splitlines()[0] if str(error) else type(error).__name__) from None


def check_data(path: Path, wanted: Literal["file", "folder"]) -> None:
    """Raises UsageError where `path` does not exist, or is the other of the two."""
    if not path.exists():
        raise UsageError(f"--data {path} does not exist: name the benchmark's {wanted}")
    found = "folder" if path.is_dir() else "file"
    if found != wanted:
        raise UsageError(f"--data {path} is a {found}: name the benchmark's {wanted}")


def found_in(folder: Path, *patterns: str) -> list[Path]:
    """The files of the first pattern that matches any, sorted. Raises UsageError where none does."""
    for pattern in patterns:
        files = sorted(folder.glob(pattern))
        if files:
            return files
    raise UsageError(f"{folder} holds no {' or '.join(patterns)}: name the benchmark's folder as it is published")


def read_text(path: Path) -> str:
    """A file's text, line ends as they are. Raises UsageError where it is missing, damaged or not UTF-8."""
    try:
        raw = path.read_bytes()
        return (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not UTF-8: name the benchmark's file as it is published") from None
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise UsageError(f"{path} is not a whole gzip file: fetch it again") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}): name the benchmark's data with --data") from None


def read_json(path: Path) -> Any:
    """Raises UsageError for what is not JSON."""
    with published(path, "JSON"):
        return json.loads(read_text(path))


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    """One object a line, blank lines skipped. Raises UsageError for any other line."""
    rows = []
    for number, line in enumerate(read_text(path).split("\n"), 1):
        if line.strip():
            with published(path, f"JSON lines (line {number})"):
                row = json.loads(line)
                if not isinstance(row, dict):
                    raise ValueError("not an object")
                rows.append(row)
    return rows


def read_table(path: Path, columns: Sequence[str], *, tabs: bool = False) -> list[dict[str, str]]:
    """The rows of a CSV file, or of one with tabs and no quotation marks, under a line of headings. Raises UsageError
    unless it has the columns and every row fills them."""
    form = f"a table with the columns {', '.join(columns)}"
    dialect = _Tabs if tabs else csv.excel
    with published(path, form):
        rows = list(csv.DictReader(io.StringIO(read_text(path), newline=""), dialect=dialect))
        if not rows:
            raise ValueError("there is no row")
        for number, row in enumerate(rows, 1):
            if any(row[column] is None for column in columns):
                raise ValueError(f"row {number} is short")
    return rows


class _Tabs(csv.excel_tab):
    quoting = csv.QUOTE_NONE


def _not(path: Path, form: str, reason: str) -> UsageError:
    return UsageError(f"{path} is not {form} ({reason}): name the benchmark's data as it is published")
