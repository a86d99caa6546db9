"""Stores documents and finds passages.

    index.Index                   upsert, delete, candidates, verify
    documents/                    texts and passages in one SQLite file
    search/                       by vectors (Chroma) and by words (BM25)
    embedding/                    the network that finds and reads; other embedding models
    disk/                         the directory of an index, its owner, a full or read-only disk
    rebuild.rebuild               a damaged or outdated index made anew from its own text
    embedded_text                 what is embedded for a passage, and its id
    types, errors                 what travels through attest, and what it raises

No module is imported here, so that `import vectorstore.types` costs nothing; only the telemetry of the libraries
is switched off, before it can start.
"""

import os

# Read when these libraries are first imported. ONNX Runtime reports to its maker by default: a device id, the machine,
# the path of the Python that runs; the others would ask their hubs.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
os.environ["ANONYMIZED_TELEMETRY"] = "False"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
