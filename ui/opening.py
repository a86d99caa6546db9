"""Opens the index that the settings name, with its embedding model, and an assistant over it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ui.terminal.consoles import complain
from vectorstore.errors import InputError

if TYPE_CHECKING:
    from assistant.engine import Assistant
    from assistant.settings import Settings
    from vectorstore.index import Index


@contextmanager
def open_index(settings: Settings, owner: str, *, warn: bool = True) -> Iterator[Index]:
    """The index, created if it does not exist, held by this process until the block ends. Documents that are damaged
    and left out are named on standard error, unless `warn` is false.

    Raises IndexInUse, IndexMismatch, IndexDamaged, StorageError; UsageError for a model that cannot be loaded.
    """
    from ingest.passages import SPLITTER_VERSION
    from vectorstore.embedding.models import load_embedder
    from vectorstore.index import Index

    embedder = load_embedder(settings.model)
    with Index.open(settings.index, embedder, splitter=SPLITTER_VERSION, owner=owner) as index:
        for warning in index.warnings if warn else ():
            complain(warning)
        yield index


@contextmanager
def open_assistant(settings: Settings, owner: str) -> Iterator[tuple[Assistant, Index]]:
    """An assistant over an index that holds something. Raises what `open_index_with_documents` raises, and UsageError
    for a language model that cannot be used."""
    check_model(settings)
    with open_index_with_documents(settings, owner) as index:
        assistant = assistant_for(index, settings)
        if assistant.threshold.remark:
            complain(assistant.threshold.remark)
        yield assistant, index


@contextmanager
def open_index_with_documents(settings: Settings, owner: str) -> Iterator[Index]:
    """An index that holds something. Raises InputError if nothing has been ingested, and what `open_index` raises."""
    from vectorstore.disk.directory import is_index

    if not settings.index.is_file() and not is_index(settings.index):
        raise _empty(settings)
    with open_index(settings, owner, warn=False) as index:
        if not index.heads():
            for damaged in index.left_out():
                raise damaged
            raise _empty(settings)
        for warning in index.warnings:
            complain(warning)
        yield index


def check_model(settings: Settings) -> None:
    """Refuses, before any work, a language model that cannot be used as it is named. Raises UsageError."""
    if settings.llm or settings.llm_url:
        from assistant.model.endpoint import open_llm

        open_llm(settings)


def assistant_for(index: Index, settings: Settings) -> Assistant:
    """The assistant that the settings ask for: with a language model where they name one. Raises UsageError."""
    if not settings.llm and not settings.llm_url:
        from assistant.engine import Assistant

        return Assistant(index, settings)
    from assistant.model.endpoint import open_llm
    from assistant.model.guarded import ModelAssistant

    return ModelAssistant(index, settings, llm=open_llm(settings))


def _empty(settings: Settings) -> InputError:
    command = f"attest ingest PATH_OR_URL --index {shlex.quote(str(settings.index))}"
    return InputError(f"there is nothing in the index {settings.index}: run `{command}` first")
