"""What asks nothing of the source, and what is said to it."""

from __future__ import annotations

import pytest

from assistant.about.talk import is_talk, reply


@pytest.mark.parametrize(
    "message",
    [
        "hello",
        "Hi there!",
        "HELLO",
        "hey :)",
        "Good morning",
        "good evening, everyone",
        "ok",
        "OK.",
        "k",
        "yes",
        "No!",
        "help",
        "Help me!",
        "Can you help me?",
        "What can you do?",
        "who are you",
        "thanks",
        "Thank you so much!",
        "thx",
        "ok thanks",
        "Great, thank you",
        "that’s all",
        "bye",
        "See you later",
        "good night",
        "hmm",
        "never mind",
        "lol",
        "Hello! How are you?",
        "yes please",
        "...",
        "👍",
        "test",
        "sorry",
        "I see",
        "got it, thanks",
        "cheers",
        "Danke",
    ],
)
def test_a_message_that_asks_nothing(message: str) -> None:
    assert is_talk(message)


@pytest.mark.parametrize(
    "message",
    [
        "Hello, who built the mill?",
        "Who said hello?",
        "What did Brandt say to help her?",
        "Thanks to whom was it built?",
        "Why not?",
        "Is it good?",
        "How are they made?",
        "What is help?",
        "ok and when?",
        "Who is there?",
        "mill",
        "What does it do?",
        "How does it work?",
        "When did they say goodbye?",
        "yes and no votes",
        "How do I start it?",
    ],
)
def test_a_question_with_such_words_is_a_question(message: str) -> None:
    assert not is_talk(message)


def test_the_reply_says_what_to_do() -> None:
    assert reply("Hello!", ["The mill"]).startswith("Hello. Ask a question about “The mill”")
    assert reply("thanks a lot", ["The mill", "The pier"]).startswith("You are welcome. Ask a question about the 2 doc")
    assert "sentences of “The mill”" in reply("help", ["The mill"])
    assert reply("Bye!", ["The mill"]) == "Goodbye."
    assert reply("...", ["The mill"]).startswith("Ask a question")
    assert "Add a document first" in reply("hi", [])
