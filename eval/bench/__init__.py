"""attest on public benchmarks, beside stock LlamaIndex, BM25 and published figures: `attest bench NAME --data PATH`.

One module a benchmark's format (`squad`, `beir`, `chunking`, `mtrag`, `doc2dial`, `trecqa`), and `parts`, each part off
in turn; `corpus` is attest on a benchmark's texts, `stock` what it stands beside, `table` how figures are printed.
But: no benchmark's data is part of the project, and nothing is tuned here.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from vectorstore.errors import UsageError

if TYPE_CHECKING:
    from eval.bench.options import Options
    from eval.bench.table import Table

__all__ = ["run_benchmark"]


def run_benchmark(
    name: str,
    data: Path,
    *,
    sample: int | None,
    seed: int,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> str:
    """The tables of one benchmark as text.

    `sample`: so many questions drawn with `seed`, 0 for all, None for a number that takes some minutes on two cores.
    Raises UsageError for an unknown name, and for data that is missing or in another form.
    """
    from eval.bench.options import Options
    from eval.bench.table import rendered

    runners = _runners()
    if name not in runners:
        raise UsageError(f"there is no benchmark {name!r}: choose one of {', '.join(runners)}")
    tables = runners[name](data, Options(sample, seed, progress))
    chosen = "the default sample" if sample is None else "all questions" if sample == 0 else f"--sample {sample}"
    return f"{name}: {chosen}, seed {seed}; in brackets 95 % bootstrap intervals\n\n{rendered(tables)}"


def _runners() -> dict[str, Callable[[Path, Options], list[Table]]]:
    from eval.bench.beir import run_beir
    from eval.bench.chunking import run_chunking
    from eval.bench.doc2dial import run_doc2dial
    from eval.bench.mtrag import run_mtrag
    from eval.bench.parts import run_parts
    from eval.bench.squad import run_squad1, run_squad2
    from eval.bench.trecqa import run_trecqa

    return {
        "squad1": run_squad1,
        "squad2": run_squad2,
        "beir": run_beir,
        "chunking": run_chunking,
        "mtrag-un": run_mtrag,
        "doc2dial": run_doc2dial,
        "trecqa": run_trecqa,
        "parts": run_parts,
    }
