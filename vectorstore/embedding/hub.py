"""Whether a model can be had, before a library looks for it: without a connection the libraries ask again and again,
file by file, for about a minute, and say each time so."""

from __future__ import annotations

from pathlib import Path

TIMEOUT = 10.0
"""Seconds to wait for the hub."""


def look_for(model: str) -> None:
    """Returns where a model lies at this path, in the cache of this machine, or on the hub under this name. Raises what
    the hub's library raises otherwise: no such name, no connection, or set to be offline."""
    from huggingface_hub import HfApi, try_to_load_from_cache

    if not Path(model).exists() and try_to_load_from_cache(model, "config.json") is None:
        HfApi().model_info(model, timeout=TIMEOUT)
