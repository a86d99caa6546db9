"""The commands, one module each: what `attest NAME` does once its flags are read.

They are the composition root, the one place where ingest, vectorstore, assistant and ui meet; each imports what it
needs when it runs.

But: no rule of ingesting, searching or answering lives here.
"""
