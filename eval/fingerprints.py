"""What a run was made with, as short names and hashes: set, text, system, and for attest its parts.

A difference is reported, not judged; only another set or another text makes two runs incomparable.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

import assistant
import eval
import ingest
import vectorstore
from assistant.settings import Settings
from eval.cases import CaseSet
from ingest.passages import SPLITTER_VERSION
from vectorstore.embedding.embedder import Embedder

OTHERS = "answers from a file"
_CODE = (assistant, ingest, vectorstore)
_JUDGE = ("metrics/*.py", "judge.py", "responses.py", "figures.py", "statistics.py", "evaluate.py")
_CHECKER = ("check/**/*.py", "check/verdict.json", "reader/*.py")
_NETWORK = ("embedding/*.py", "embedding/network/*.py", "embedding/network/*.gz")
"""What says, beside the code that asks and judges, whether a sentence in other words is supported."""
_LIBRARIES = ("bm25s", "chromadb", "onnxruntime")


def of_others(case_set: CaseSet, system: str = OTHERS) -> dict[str, str]:
    """The fingerprints of a run over answers that another system wrote."""
    return {"set": case_set.sha256, "article": case_set.article_sha256, "system": system, "judge": _judge()}


def of_attest(case_set: CaseSet, embedder: Embedder, settings: Settings) -> dict[str, str]:
    """The fingerprints of a run of attest itself."""
    from assistant.calibration import FILE, load_calibration
    from vectorstore.embedding.encoder import WEIGHTS

    folders = [Path(str(package.__file__)).parent for package in _CODE]
    code = [path for folder in folders for path in folder.rglob("*.py")]
    return {
        "set": case_set.sha256,
        "article": case_set.article_sha256,
        "system": f"attest {version('attest')}",
        "model": f"{embedder.fingerprint.name} {embedder.fingerprint.weights_sha256[:16]}",
        "reader": digest([WEIGHTS]),
        "splitter": SPLITTER_VERSION,
        "calibration": digest([FILE]),
        "threshold": f"{load_calibration().threshold:.4f}",
        "settings": f"passages {settings.passages}, sentences {settings.sentences}",
        "libraries": ", ".join(f"{name} {version(name)}" for name in _LIBRARIES),
        "code": digest(code),
        "judge": _judge(),
    }


def _judge() -> str:
    """A hash of the code that asks and judges, the checker with it."""
    parts = ((eval, _JUDGE), (assistant, _CHECKER), (vectorstore, _NETWORK))
    folders = [(Path(str(package.__file__)).parent, patterns) for package, patterns in parts]
    return digest(path for folder, patterns in folders for pattern in patterns for path in folder.glob(pattern))


def digest(paths: Iterable[Path]) -> str:
    """A hash over the names and contents of files, line ends aside."""
    total = hashlib.sha256()
    for path in sorted(paths):
        total.update(f"{path.parent.name}/{path.name}\0".encode())
        total.update(hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).digest())
    return total.hexdigest()[:16]
