"""`attest serve`: the web page."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from assistant.settings import Settings


def serve(settings: Settings, *, no_auth: bool = False) -> NoReturn:
    """Serves until stopped, then ends the process; `no_auth` lets everybody in."""
    from ui.web.serve import serve as serve_page

    code = serve_page(settings, no_auth=no_auth)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # all is closed; to take the interpreter apart can take seconds, of the five that stopping may take
