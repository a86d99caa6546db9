"""The commands, one module each: what `attest NAME` does once its flags are read.

Here ingest, vectorstore, assistant and eval meet; each command imports what it needs when it runs.
"""
