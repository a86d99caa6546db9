"""Stores documents and finds passages.

    index.Index                   upsert, delete, query, candidates, export, verify
    embedding.load_embedder       the embedding model
    rebuild.rebuild               a damaged or outdated index made anew from its own text
    context                       what is embedded for a passage, and its id
    types, errors                 what travels through attest, and what it raises

But: nothing is imported here, so that `import vectorstore.types` costs nothing.
"""
