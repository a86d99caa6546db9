"""`attest ingest`: documents into the index, one report line each; and out of it again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ui.opening import open_index
from ui.terminal.consoles import ProgressBar, complain
from vectorstore.errors import UsageError

if TYPE_CHECKING:
    from assistant.settings import Settings


def ingest(settings: Settings, sources: Sequence[str], removals: Sequence[str]) -> int:
    """Removes, then ingests, printing one line per document. Returns 1 if a document failed; the others are in.

    Raises UsageError where there is nothing to do, or a name to remove is not in the index.
    """
    if not sources and not removals:
        raise UsageError("nothing to ingest: attest ingest PATH_OR_URL..., or --remove NAME")
    from assistant.reader.prepare import prepare
    from ingest.pipeline import ingest as ingest_sources
    from ingest.pipeline import remove
    from vectorstore.embedding.encoder import load_encoder

    failed = 0
    with open_index(settings, "attest ingest") as index, ProgressBar() as bar:
        for name in removals:
            bar.print(remove(index, name).line())
        for report in ingest_sources(sources, index, bar.show) if sources else ():
            bar.print(report.line())
            failed += report.status == "failed"
        prepare(index, load_encoder, lambda done, total: bar.show(done, total, "reading"))
    if failed:
        complain(f"{failed} not ingested: see the lines marked failed; the rest is in {settings.index}")
    return 1 if failed else 0
