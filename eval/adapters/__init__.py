"""Bridges to LlamaIndex: its engines answer our cases (`engines`), its evaluators judge our answers (`evaluators`).

But: nothing here is needed by `attest eval`, which judges any program's answers from a file.
"""
