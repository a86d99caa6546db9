"""Everything that attest raises on purpose.

    AttestError
    ├── UsageError          the call itself is wrong: an empty question, a bad option        exit code 2
    ├── InputError          one file, page or batch line could not be used                   exit code 1
    ├── IndexInUse          another process owns the index
    ├── IndexMismatch       the index was made by another model, splitter or schema version
    ├── IndexDamaged        what is stored does not agree with itself
    │   └── DocumentDamaged one document of the index, the others are not affected
    ├── IndexClosed         the index was closed while somebody was at work with it
    └── StorageError        the disk refused: no space left, no permission

Each message is one line: what happened, then what to do next.
"""

from __future__ import annotations


class AttestError(Exception):
    """Base of the tree; `exit_code` is what a command ends with when it meets the error."""

    exit_code = 1


class UsageError(AttestError):
    """The call itself is wrong."""

    exit_code = 2


class InputError(AttestError):
    """One input could not be used; other inputs are not affected."""


class IndexInUse(AttestError):
    """Another process owns the index."""


class IndexMismatch(AttestError):
    """The index was made by another model, splitter or schema version."""


class IndexDamaged(AttestError):
    """What is stored does not agree with itself."""


class IndexClosed(AttestError):
    """The index was closed while somebody was at work with it."""


class DocumentDamaged(IndexDamaged):
    """One document of the index does not agree with itself; the others are not affected. `title` and `origin` are
    None where they are among what is damaged; `readable` tells whether the text itself is as it was stored."""

    def __init__(self, message: str, document_id: str, title: str | None, origin: str | None, readable: bool) -> None:
        super().__init__(message)
        self.document_id = document_id
        self.title = title
        self.origin = origin
        self.readable = readable


class StorageError(AttestError):
    """The disk refused."""
