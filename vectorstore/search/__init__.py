"""Passages for a question: by vectors, by words, and both together."""
