"""Short texts that others keep with an index, by name: what was decided on its documents, and goes where it goes.

They lie in the manifest among its settings, under their digest. What a text means, only who wrote it knows.
"""

from __future__ import annotations

from vectorstore.disk.place import Place
from vectorstore.documents.manifest import Manifest
from vectorstore.turns import Turns


class Notes:
    """The notes of an open index."""

    def __init__(self, manifest: Manifest, place: Place, turns: Turns) -> None:
        self._manifest, self._place, self._turns = manifest, place, turns

    def read(self, name: str) -> str | None:
        """The text of this name, None where there is none. Raises IndexDamaged where it is not what was written."""
        return self._manifest.note(name)

    def write(self, name: str, text: str | None) -> None:
        """Keeps a text in place of the one of this name; None takes that out. Raises StorageError where the disk
        refuses; then nothing has changed."""
        with self._turns.taken():
            self._place.refuse_change(growing=text is not None)
            self._manifest.write_note(name, text)
