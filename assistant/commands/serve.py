"""`attest serve`: the web page.

But: the page and its server are `ui`'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.settings import Settings


def serve(settings: Settings, *, no_auth: bool = False) -> int:
    """Serves until stopped; `no_auth` lets everybody in. Returns the exit code."""
    from ui.serve import serve as serve_page

    return serve_page(settings.index, settings.host, settings.port, settings=settings, no_auth=no_auth)
