"""Many visitors at once: `python -m tests.load [--visitors 50] [--questions 4] [--different N] [--pause SECONDS]`.

Starts `attest serve` on the bundled article, then lets each visitor ask one question after the other over HTTP, as the
page does, and prints how long answers took to be shown whole, and the server's processor time. Then it asks everything
again, alone, and exits with 1 where an answer differs in a byte of what is shown, or failed. `--different`: out of how
many questions the visitors choose (the bundled article's set); the first time that a question is asked is the expensive
one.

But: visitors share the processors with the server; on a machine of two, what they take is missing there.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import httpx

from assistant.engine import Assistant
from assistant.settings import Settings
from assistant.types import Turn
from tests.ui.served import Server
from ui.opening import open_index
from ui.web.chat_view import answered

SET = Path(__file__).parent.parent / "eval" / "sets" / "origins.jsonl"


def questions(different: int) -> list[str]:
    """Questions of the set that stand for themselves, spread evenly over it."""
    rows = [json.loads(line) for line in SET.read_text(encoding="utf-8").splitlines()]
    alone = list(dict.fromkeys(row["question"] for row in rows if row.get("question") and not row.get("history")))
    return alone[:: max(1, len(alone) // different)][:different]


async def ask(client: httpx.AsyncClient, session: str, question: str) -> tuple[float, str]:
    """Seconds until the answer is whole, and the page's HTML with it."""
    begun = time.perf_counter()
    call = {"fn_index": 0, "session_hash": session, "data": [question, None, "all"]}
    joined = await client.post("/gradio_api/queue/join", json=call)
    joined.raise_for_status()
    last = ""
    async with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as stream:
        async for line in stream.aiter_lines():
            if '"process_completed"' in line:
                last = line
                break
    took = time.perf_counter() - begun
    return took, str(json.loads(last.removeprefix("data:"))["output"]["data"][0])


async def visit(url: str, window: str, asked: Sequence[str], pause: float) -> list[tuple[str, float, str]]:
    """One visitor's questions, seconds, and pages."""
    found = []
    async with httpx.AsyncClient(base_url=url, timeout=120) as client:
        for question in asked:
            await asyncio.sleep(pause * random.Random(f"{window} {question}").uniform(0.5, 1.5))
            found.append((question, *await ask(client, window, question)))
    return found


async def crowd(
    url: str, name: str, scripts: Sequence[Sequence[str]], pause: float
) -> list[list[tuple[str, float, str]]]:
    """All visitors at once, each with the questions of a script, in windows of this name."""
    return list(await asyncio.gather(*(visit(url, f"{name}{n}", script, pause) for n, script in enumerate(scripts))))


def scripts(visitors: int, each: int, different: int) -> list[list[str]]:
    """What each visitor asks."""
    pool, draw = questions(different), random.Random(1)
    deck = [question for _ in range(-(-visitors * each // len(pool))) for question in draw.sample(pool, len(pool))]
    return [deck[n * each : (n + 1) * each] for n in range(visitors)]


def differing(index: Path, visits: Sequence[Sequence[tuple[str, float, str]]]) -> int:
    """How many answers are not shown as the assistant gives them alone, in the same conversation."""
    differ = 0
    settings = Settings(index=index)
    with open_index(settings, "tests.load") as opened:
        assistant = Assistant(opened, settings)
        for visited in visits:
            turns: list[Turn] = []
            for question, _, page in visited:
                answer = assistant.ask(question, turns)
                turns.append(Turn(question, answer))
                differ += answered(answer, opened.document).html not in page
    return differ


def processor_seconds(pid: int) -> float:
    """Processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(visitors: int, each: int, different: int, pause: float) -> dict[str, float]:
    """Seconds to an answer (p50, p95, longest), answers a second, the server's processor seconds for each, and how many
    failed or differ."""
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        server = Server.start(index)
        try:
            asyncio.run(crowd(server.url, "first", [["When was the party founded?"]], 0.0))  # the reader is loaded
            before, begun = processor_seconds(server.process.pid), time.perf_counter()
            visits = asyncio.run(crowd(server.url, "visitor", scripts(visitors, each, different), pause))
            took = time.perf_counter() - begun
            used = processor_seconds(server.process.pid) - before
        finally:
            server.stop()
        differ = differing(index, visits)
    answers = [one for visited in visits for one in visited]
    seconds = sorted(took for _, took, _ in answers)
    return {
        "answers": len(answers),
        "p50": statistics.median(seconds),
        "p95": seconds[int(0.95 * len(seconds))],
        "longest": seconds[-1],
        "per second": len(answers) / took,
        "processor seconds each": used / len(answers),
        "failed": sum('class="failed"' in page for _, _, page in answers),
        "differ": differ,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--visitors", type=int, default=50)
    parser.add_argument("--questions", type=int, default=4)
    parser.add_argument("--different", type=int, default=100)
    parser.add_argument("--pause", type=float, default=0.0)
    flags = parser.parse_args()
    found = measure(flags.visitors, flags.questions, flags.different, flags.pause)
    print(" · ".join(f"{name} {value:.3g}" for name, value in found.items()))
    return 1 if found["failed"] or found["differ"] else 0


if __name__ == "__main__":
    sys.exit(main())
