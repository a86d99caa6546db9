"""`attest bench`: attest on a public benchmark, beside stock LlamaIndex and the published figures."""

from __future__ import annotations

from pathlib import Path

from ui.terminal.consoles import ProgressBar, print_rows


def bench(name: str, data: Path, *, sample: int | None, seed: int) -> int:
    """Prints the table of one benchmark."""
    from eval.bench import run_benchmark

    with ProgressBar() as bar:
        text = run_benchmark(name, data, sample=sample, seed=seed, progress=lambda done, of: bar.show(done, of, name))
    print_rows(text.splitlines())
    return 0
