"""Documents added from the page: what becomes of them is one line, and no other file is read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ui.adding import add_address, add_upload
from vectorstore.embedding import Embedder
from vectorstore.index import Index


@pytest.fixture(scope="module")
def index(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    from ingest.passages import SPLITTER_VERSION

    with Index.open(tmp_path_factory.mktemp("adding") / "index", embedder, splitter=SPLITTER_VERSION) as opened:
        yield opened


def quiet(share: float, what: str) -> None:
    assert 0.0 <= share <= 1.0
    assert what


def test_an_upload_is_added_and_its_file_deleted(index: Index, tmp_path: Path) -> None:
    file = tmp_path / "mill.txt"
    file.write_text("The old mill stands by the river. Nobody has used it since 1931.")
    shares: list[float] = []
    added = add_upload(file, tmp_path, index, lambda share, what: shares.append(share))
    assert added.document_id in {document.id for document in index.documents()}
    assert "100 % covered" in added.line
    assert not file.exists()
    assert shares == sorted(shares) and shares[0] == 0.0 and shares[-1] == 1.0


def test_a_file_that_was_not_uploaded_is_not_read(index: Index, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("Nobody may read this.")
    (tmp_path / "uploads").mkdir()
    (tmp_path / "uploads" / "link.txt").symlink_to(secret)
    for path in (secret, tmp_path / "uploads" / ".." / "secret.txt", tmp_path / "uploads" / "link.txt"):
        assert add_upload(path, tmp_path / "uploads", index, quiet).document_id is None
    assert secret.exists()


def test_a_bad_file_is_one_escaped_line(index: Index, tmp_path: Path) -> None:
    file = tmp_path / "<b>junk.bin"
    file.write_bytes(bytes(range(256)) * 10)
    added = add_upload(file, tmp_path, index, quiet)
    assert added.document_id is None
    assert "\n" not in added.line
    assert "<b>" not in added.html and 'role="alert"' in added.html
    assert not file.exists()


@pytest.mark.parametrize("address", ["/etc/passwd", "file:///etc/passwd", "http://127.0.0.1:1/", "mill"])
def test_addresses_that_are_no_public_web_page_are_refused(index: Index, address: str) -> None:
    added = add_address(address, index, quiet)
    assert added.document_id is None
    assert added.line
