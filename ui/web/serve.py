"""`attest serve`: opens the index, gives an empty one the bundled article, and serves the page until it is stopped.

It listens on one address, in one process.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket

    from assistant.check.types import Check
    from assistant.settings import Settings
    from ui.web.server.access import Access
    from vectorstore.index import Index


def serve(settings: Settings, *, no_auth: bool = False) -> int:
    """Serves the page and returns 0 when it is stopped; the process then has 5 s to end. `no_auth` lets everybody in.

    Prints the address when the page is ready. Raises AttestError where the port is taken, UsageError for a host that
    is not this machine's or that others can reach without its being said who may come in, and what opening the index
    raises.
    """
    from ui.web.server.access import access, listening
    from ui.web.server.stopping import stopping_cleanly

    with listening(settings.host, settings.port) as listener, stopping_cleanly():
        allowed = access(
            listener, settings.host, auth=settings.auth, no_auth=no_auth, allowed_hosts=settings.allowed_host
        )
        if allowed.line is not None:
            print(allowed.line, flush=True)
        from ui.opening import check_model, open_index
        from ui.web.uploads import upload_folder

        check_model(settings)
        with open_index(settings, "attest serve") as index, upload_folder() as folder:
            _fill_if_empty(index)
            _run(index, settings, folder, listener, allowed)
    return 0


def _run(index: Index, settings: Settings, folder: Path, listener: socket.socket, allowed: Access) -> None:
    os.environ["GRADIO_TEMP_DIR"] = str(folder / "gradio")  # read when Gradio is imported
    from assistant.check.crossencoder import checker_for
    from ui.opening import assistant_for
    from ui.terminal.consoles import complain
    from ui.web.app import Page
    from ui.web.preparing import Preparing
    from ui.web.server.application import create_app
    from ui.web.server.login import LOGOUT_PATH
    from ui.web.server.stopping import server
    from ui.web.uploads import Uploads

    assistant = assistant_for(index, settings)
    if assistant.threshold.remark:
        complain(assistant.threshold.remark)
    uploads = Uploads(folder)
    preparing = Preparing(index, lambda: assistant.reader)
    logout = LOGOUT_PATH if allowed.login else None
    model = getattr(assistant, "name", None)  # one that speaks in words of its own says whose they are
    checker = cache(lambda: checker_for(index, settings, assistant.reader))
    if settings.checker:
        checker()  # one that cannot be loaded is told before anybody waits for it

    def check(text: str, document_ids: Sequence[str] | None, step: Callable[[], None]) -> Check:
        return checker().check(text, document_ids=document_ids, step=step)

    page = Page(assistant, index, uploads, check, logout=logout, model=model, added=preparing.wake)
    app = create_app(page, index, uploads, hosts=allowed.hosts, login=allowed.login)
    preparing.start()
    try:
        with suppress(KeyboardInterrupt):
            server(app, allowed.url, page.stop).run(sockets=[listener])
    finally:
        page.close()
        preparing.close()  # ending the process while the model loads would abort it
    print("attest has stopped.", flush=True)


def _fill_if_empty(index: Index) -> None:
    if index.heads() or index.left_out():
        return
    from ingest.loading import bundled
    from ingest.pipeline import ingest_loaded

    print("The index is empty: it is given the bundled article first ...", flush=True)
    for loaded in bundled():
        print(ingest_loaded(loaded, index).line(), flush=True)
