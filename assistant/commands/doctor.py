"""`attest doctor`: is the index what it should be, and if not, rebuild it from the stored text.

But: what is sound is decided in `vectorstore.verification`, how to rebuild in `vectorstore.rebuild`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.commands.consoles import ProgressBar, complain
from assistant.commands.opening import open_index
from assistant.terminal import printable
from vectorstore.errors import InputError

if TYPE_CHECKING:
    from assistant.settings import Settings


def doctor(settings: Settings, *, rebuild: bool) -> int:
    """Prints one line per finding; returns 1 where the index is damaged. `rebuild` rebuilds it first.

    Raises InputError where there is no index, IndexMismatch and IndexDamaged where it cannot be opened.
    """
    from vectorstore.directory import is_index

    if not is_index(settings.index):
        raise InputError(f"there is no index in {settings.index}: run `attest ingest PATH_OR_URL` first")
    if rebuild:
        _rebuild(settings)
    with open_index(settings, "attest doctor", warn=False) as index:
        found = index.verify()
    for problem in found.problems:
        print(f"damaged: {printable(problem)}")
    what = f"{found.documents:,} documents, {found.passages:,} passages, {found.vectors:,} vectors"
    if not found.ok:
        if len(found.problems) > found.lost:
            complain(f"{settings.index} is damaged: run `attest doctor --rebuild --index {settings.index}`")
        else:
            complain(f"{settings.index} is damaged: follow the lines above; {what} beside are sound")
        return 1
    print(f"sound: {settings.index} · {what} compared")
    return 0


def _rebuild(settings: Settings) -> None:
    from ingest.passages import SPLITTER_VERSION, split_passages
    from vectorstore.embedding import load_embedder
    from vectorstore.rebuild import rebuild

    embedder = load_embedder(settings.model)
    with ProgressBar() as bar:
        done = rebuild(
            settings.index,
            embedder,
            SPLITTER_VERSION,
            split_passages,
            progress=lambda done, total: bar.show(done, total, "embedding"),
        )
    for line in done.lost:
        complain(line)
    print(f"rebuilt: {done.documents:,} documents, {done.passages:,} passages, {done.vectors:,} vectors", flush=True)
