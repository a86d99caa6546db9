"""Vectors of one model may live together, those of two may not."""

from __future__ import annotations

from vectorstore.embedding.embedder import Fingerprint


def test_fingerprints_match_across_the_noise_of_processors_only() -> None:
    one = Fingerprint("a", "0" * 64, 3, (0.1, 0.2, 0.3))
    assert one.matches(Fingerprint("b", "0" * 64, 3, (0.105, 0.2, 0.3)))
    for other in (
        Fingerprint("a", "1" * 64, 3, (0.1, 0.2, 0.3)),
        Fingerprint("a", "0" * 64, 4, (0.1, 0.2, 0.3)),
        Fingerprint("a", "0" * 64, 3, (0.12, 0.2, 0.3)),
        Fingerprint("a", "0" * 64, 3, (0.1, 0.2)),
    ):
        assert not one.matches(other)
