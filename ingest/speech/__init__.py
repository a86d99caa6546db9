"""Which words of a text are somebody's speech, and whose."""
