"""A reader that reads each pair of question and text once, for commands that rank the same questions many times.

But: it grows without a bound; answering uses `Reader` itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.reader.runtime import Judgement, Reader


class RememberingReader:
    """As `Reader`, with a memory."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._seen: dict[tuple[str, str], Judgement] = {}

    def read(self, question: str, texts: Sequence[str]) -> list[Judgement]:
        """See `Reader.read`."""
        new = [text for text in texts if (question, text) not in self._seen]
        for text, judgement in zip(new, self._reader.read(question, new), strict=True):
            self._seen[question, text] = judgement
        return [self._seen[question, text] for text in texts]
