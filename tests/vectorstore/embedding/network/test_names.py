"""Every weight of the trunk has a name in the published network."""

from __future__ import annotations

import json
import struct
import zipfile
from collections.abc import Callable
from typing import TYPE_CHECKING

from vectorstore.embedding.network.base import _Joined, _used, part_files
from vectorstore.embedding.network.names import NOT_TRAINED, published_name

if TYPE_CHECKING:
    from vectorstore.embedding.network.mpnet import ReaderNetwork

HEADS = {"span", "judge", "support", "doubt", "sentence", "needed", "sides", "middle", "down", "up", "weigh", "scales"}


def published() -> set[str]:
    """The names in the published file, out of its header."""
    weights = "all-mpnet-base-v2/model.safetensors"
    with zipfile.ZipFile(_Joined(part_files())) as archive, archive.open(weights) as stream:
        (size,) = struct.unpack("<Q", stream.read(8))
        return {name for name in json.loads(stream.read(size)) if name != "__metadata__" and _used(name)}


def test_the_published_network_is_taken_whole(tiny: Callable[[int], ReaderNetwork]) -> None:
    names = {name: published_name(name) for name in tiny(2).state_dict()}
    taken = {name for name in names.values() if name}
    layers = range(4)
    assert taken == {
        name for name in published() if "layer." not in name or int(name.split("layer.")[1].split(".")[0]) in layers
    }
    assert {name.split(".")[0] for name, known in names.items() if known is None} == HEADS
    assert len(taken) == sum(known is not None for known in names.values())


def test_what_is_not_trained_is_published(tiny: Callable[[int], ReaderNetwork]) -> None:
    frozen = {name for name, parameter in tiny(2).named_parameters() if not parameter.requires_grad}
    assert frozen == {"words.weight", "places.weight", "distances.weight"}
    assert all(name.startswith(NOT_TRAINED) and published_name(name) for name in frozen)
