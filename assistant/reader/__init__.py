"""The reader: a small cross-encoder on the MiniLM weights that reads a question and a passage together.

It says whether the passage is the place (relevance), whether it answers at all, and which characters answer.
"""
