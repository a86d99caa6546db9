"""What a question may be, checked before any work is done for it.

But: whether a question can be answered is not decided here.
"""

from __future__ import annotations

from vectorstore.errors import UsageError

MAX_QUESTION_CHARACTERS = 2_000


def check_question(question: str) -> None:
    """Raises UsageError if `question` is blank, longer than 2,000 characters, or not text."""
    if not question.strip():
        raise UsageError("the question is empty: write one, between quotation marks")
    if len(question) > MAX_QUESTION_CHARACTERS:
        raise UsageError(
            f"the question has {len(question):,} characters, {MAX_QUESTION_CHARACTERS:,} are the most: shorten it"
        )
    if any("\ud800" <= character <= "\udfff" for character in question):
        raise UsageError("the question is not valid UTF-8: type it again, or set a UTF-8 locale")
