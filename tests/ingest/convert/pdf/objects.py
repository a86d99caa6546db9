"""PDF files put together from their objects."""

from __future__ import annotations

from collections.abc import Sequence


def packed(objects: Sequence[str]) -> bytes:
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    rest = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    return out + f"{rest}trailer\n<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{len(out)}\n%%EOF".encode()
