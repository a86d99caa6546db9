"""The arguments of the commands about a set: the set, its article, and one line where either cannot be used."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from eval.cases import CaseSet, load_set
from eval.evaluate import find_article
from vectorstore.errors import AttestError
from vectorstore.types import Document


def set_parser(name: str, description: str) -> argparse.ArgumentParser:
    """The parser of `python -m eval.NAME SET.jsonl [--article F]`."""
    parser = argparse.ArgumentParser(prog=f"python -m eval.{name}", description=description)
    parser.add_argument("set", type=Path)
    parser.add_argument("--article", type=Path, help="the text that the set is about, where attest does not ship it")
    return parser


def read_set(
    parser: argparse.ArgumentParser, arguments: Sequence[str] | None
) -> tuple[argparse.Namespace, CaseSet, Document]:
    """The options, the set and its article. Exits with code 2 and one line where either cannot be used."""
    options = parser.parse_args(arguments)
    try:
        case_set = load_set(options.set)
        return options, case_set, find_article(case_set, options.article)
    except AttestError as error:
        print(f"eval: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
