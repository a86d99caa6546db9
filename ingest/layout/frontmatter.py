"""Front matter: the lines between `---` (YAML) or `+++` (TOML) at the top of a text, as keys and values with offsets.

But: a text whose first line is a rule and not front matter has none; nothing outside the first lines is read.
"""

from __future__ import annotations

import datetime
import re
import tomllib
from dataclasses import dataclass
from typing import Any

import yaml

from vectorstore.types import Span

MOST = 20_000
"""Characters in which the front matter has to end."""
OPENING = re.compile(r"\ufeff?(?P<fence>---|\+\+\+)[ \t]*+(?:yaml|toml)?[ \t]*+\r?\n")
KEY = re.compile(r"(?P<key>[\"']?[^\W\d][\w .-]{0,60}?[\"']?)[ \t]*[:=](?=\s|$)")
LONGEST_VALUE = 1_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One key with its value, over one or more lines. `key` is in lower case; `values` are those of a list, or one."""

    key: str
    values: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """`fences`: the two lines around it; `end`: the offset behind the second one."""

    entries: tuple[Entry, ...]
    fences: tuple[Span, Span]
    end: int


def front_matter(text: str) -> FrontMatter | None:
    """The front matter of a text, or None."""
    opening = OPENING.match(text)
    if opening is None:
        return None
    fence = opening.group("fence")
    ending = "---|\\.\\.\\." if fence == "---" else re.escape(fence)
    closing = re.compile(rf"^(?:{ending})[ \t]*\r?$", re.M).search(text, opening.end(), opening.end() + MOST)
    if closing is None:
        return None
    entries = []
    lines = list(re.finditer(r"[^\r\n]+", text[opening.end() : closing.start()]))
    for index, line in enumerate(lines):
        key = KEY.match(line.group())
        if key is None:
            if index == 0 and not line.group().startswith(("#", "[")):
                return None  # prose between two rules
            continue
        last = index
        while last + 1 < len(lines) and lines[last + 1].group()[0] in " \t-]}":
            last += 1
        start, end = opening.end() + line.start(), opening.end() + lines[last].end()
        source = text[start:end].rstrip()
        values = _values(source, fence, source[key.end() :].strip())
        entries.append(Entry(key.group("key").strip("\"'").lower(), values, start, start + len(source)))
    if not entries:
        return None
    first = text.index(fence)
    return FrontMatter(tuple(entries), ((first, first + 3), (closing.start(), closing.start() + 3)), closing.end())


def _values(source: str, fence: str, raw: str) -> tuple[str, ...]:
    """The values of one entry; as they are written where the entry is not what its language allows."""
    try:
        loaded: Any = tomllib.loads(source) if fence == "+++" else yaml.load(source, Loader=_Plain)
        value = next(iter(loaded.values())) if isinstance(loaded, dict) else raw
    except (yaml.YAMLError, tomllib.TOMLDecodeError, RecursionError, ValueError, TypeError, AttributeError):
        value = raw
    return tuple(" ".join(one.split())[:LONGEST_VALUE] for one in _flat(value) if one.strip())


class _Plain(yaml.SafeLoader):
    """Reads every scalar as the text that it is written as: "2023-04-02", not a date."""


_Plain.yaml_implicit_resolvers = {}


def _flat(value: object) -> list[str]:
    """The texts of a value: of a list each, of a mapping its "name"."""
    if isinstance(value, dict):
        named = value.get("name") or value.get("value")
        return [str(named)] if isinstance(named, str | int | float) else []
    if isinstance(value, list):
        return [one for item in value[:50] for one in ([] if isinstance(item, list) else _flat(item))]
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        value = value.date()
    return [] if value is None else [str(value)]
