"""attest on public benchmarks, beside stock LlamaIndex, BM25 and published figures: `attest bench NAME --data PATH`.

`registry` lists the benchmarks. Each has a module for its format (`squad`, `beir`, `chunking`, `mtrag`, `doc2dial`,
`trecqa`, `claims`); `parts` pulls out one part of attest at a time. `corpus` is attest on a benchmark's texts,
`baselines` what it stands beside, `table` how figures are printed.
But: no benchmark's data is part of the project, and nothing is tuned here.
"""

from __future__ import annotations

from pathlib import Path

from eval import Progress, silent
from vectorstore.errors import UsageError

__all__ = ["run_benchmark"]


def run_benchmark(name: str, data: Path, *, sample: int | None, seed: int, progress: Progress = silent) -> str:
    """The tables of one benchmark as text.

    `sample`: so many questions drawn with `seed`, 0 for all, None for the benchmark's default. Raises UsageError for an
    unknown name, and for data that is missing or in another form.
    """
    from eval.bench.files import check_data
    from eval.bench.options import Options
    from eval.bench.registry import BENCHMARKS
    from eval.bench.table import rendered

    benchmark = next((one for one in BENCHMARKS if one.name == name), None)
    if benchmark is None:
        known = ", ".join(one.name for one in BENCHMARKS)
        raise UsageError(f"there is no benchmark {name!r}: choose one of {known}")
    check_data(data, benchmark.data)
    tables = benchmark.run(data, Options(benchmark.sample if sample is None else sample, seed, progress))
    chosen = "the default sample" if sample is None else "all questions" if sample == 0 else f"--sample {sample}"
    return f"{name}: {chosen}, seed {seed}; in brackets 95 % bootstrap intervals\n\n{rendered(tables)}"
