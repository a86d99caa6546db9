"""The benchmarks: name, what `--data` must be, how many questions are drawn where nobody says, and what runs it.

How a benchmark's data looks stands in the docstring of its module.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from eval.bench.beir import run_beir
from eval.bench.chunking import run_chunking
from eval.bench.claims.checking import run_begin, run_fool_me_twice, run_mtrag_ratings, run_wice
from eval.bench.doc2dial import run_doc2dial
from eval.bench.mtrag import run_mtrag
from eval.bench.options import Options
from eval.bench.parts import run_parts
from eval.bench.squad import run_squad1, run_squad2
from eval.bench.table import Table
from eval.bench.trecqa import run_trecqa


@dataclass(frozen=True, slots=True)
class Benchmark:
    """`sample`: questions that take some minutes on two cores; 0 for all. `run` raises UsageError for data in another
    form."""

    name: str
    data: Literal["file", "folder"]
    sample: int
    run: Callable[[Path, Options], list[Table]]


BENCHMARKS = (
    Benchmark("squad1", "file", 300, run_squad1),
    Benchmark("squad2", "file", 300, run_squad2),
    Benchmark("beir", "folder", 100, run_beir),
    Benchmark("chunking", "folder", 150, run_chunking),
    Benchmark("mtrag-un", "folder", 100, run_mtrag),
    Benchmark("doc2dial", "file", 200, run_doc2dial),
    Benchmark("trecqa", "file", 0, run_trecqa),
    Benchmark("wice", "file", 0, run_wice),
    Benchmark("fm2", "file", 300, run_fool_me_twice),
    Benchmark("mtrag-human", "file", 0, run_mtrag_ratings),
    Benchmark("begin", "file", 300, run_begin),
    Benchmark("parts", "file", 300, run_parts),
)
