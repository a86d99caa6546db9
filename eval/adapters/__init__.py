"""Bridges to LlamaIndex: its engines answer our cases (`engines`), its evaluators judge our answers (`evaluators`)."""
