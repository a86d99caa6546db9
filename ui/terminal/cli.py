"""The `attest` command: reads the flags, then hands over to one module of `ui.terminal`.

    ingest  ask  check  recheck  chat  overview  serve  password  doctor  eval  calibrate  bench

Exit codes: 0 done, 1 failed for some input, 2 wrong usage.

Nothing heavy is imported until a command runs, so that `attest --help` answers at once.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.terminal.consoles import complain
from vectorstore.errors import AttestError

if TYPE_CHECKING:
    from assistant.settings import Settings

_INTERRUPTED = 130
_DISK_REFUSALS = {errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS}

app = typer.Typer(
    help="Ask an article and get answers whose every sentence points at the exact characters it came from.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

IndexFlag = Annotated[
    str | None, typer.Option("--index", metavar="DIR", help="The index (also: ATTEST_INDEX, attest.toml).")
]

ModelFlag = Annotated[
    str | None,
    typer.Option("--llm", metavar="MODEL", help="A language model that words the answers, each sentence checked."),
]
ModelUrlFlag = Annotated[
    str | None, typer.Option("--llm-url", metavar="URL", help="Its OpenAI-compatible server: http://127.0.0.1:8000/v1.")
]
ModelProviderFlag = Annotated[
    str | None,
    typer.Option("--llm-provider", metavar="NAME", help="What its server speaks: openai (the default), ollama, azure."),
]


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs one command and exits with its code; an AttestError becomes one line on standard error."""
    _print_whatever_the_locale()
    try:
        app(args=list(sys.argv[1:] if arguments is None else arguments), prog_name="attest")
    except SystemExit as end:
        sys.exit(_flushed(end.code))
    except AttestError as error:
        complain(str(error))
        sys.exit(error.exit_code)
    except OSError as error:
        if error.errno not in _DISK_REFUSALS:
            raise
        complain(f"{error.filename or 'the disk'}: {error.strerror}; free some space, or use another directory")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)


def _print_whatever_the_locale() -> None:
    """Prints characters that the terminal's encoding lacks as escapes, instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _flushed(code: str | int | None) -> str | int | None:
    """Flushes standard output, and is quiet where the reader has gone (`attest ask ... | head`)."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return code or 1
    return code


def _settings(**flags: object) -> Settings:
    from assistant.settings import load_settings

    return load_settings(flags)


def _end(code: int) -> None:
    raise typer.Exit(code)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"attest {version('attest')}")
        raise typer.Exit()


@app.callback()
def _attest(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    pass


@app.command()
def ingest(
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PATH_OR_URL...",
            help="Files (.txt .md .html .pdf .docx .xlsx .epub .eml .csv .tsv .vtt .srt), folders, http(s) addresses.",
        ),
    ] = None,
    index: IndexFlag = None,
    remove: Annotated[
        list[str] | None, typer.Option("--remove", metavar="NAME", help="Take a document out: its id, title or origin.")
    ] = None,
) -> None:
    """Add documents, or bring them up to date."""
    from ui.terminal.ingest import ingest

    _end(ingest(_settings(index=index), sources or [], remove or []))


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(metavar='"QUESTION"', show_default=False)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
    as_markdown: Annotated[
        bool, typer.Option("--markdown", help="Print the answer as Markdown, its citations as footnotes.")
    ] = False,
    batch: Annotated[
        Path | None, typer.Option("--batch", metavar="IN.jsonl", help="Answer a file of questions, one object a line.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", metavar="OUT.jsonl", help="Where --batch writes its answers.")
    ] = None,
    llm: ModelFlag = None,
    llm_url: ModelUrlFlag = None,
    llm_provider: ModelProviderFlag = None,
    index: IndexFlag = None,
) -> None:
    """Answer one question, or a file of them."""
    from ui.terminal.ask import ask, ask_batch, check_flags

    check_flags(question, batch, output, as_json, as_markdown)
    settings = _settings(index=index, llm=llm, llm_url=llm_url, llm_provider=llm_provider)
    if batch is not None and output is not None:
        _end(ask_batch(settings, batch, output))
    else:
        _end(ask(settings, question or "", as_json=as_json, as_markdown=as_markdown))


@app.command()
def check(
    claim: Annotated[str | None, typer.Argument(metavar='"CLAIM"', show_default=False)] = None,
    file: Annotated[
        str | None, typer.Option("--file", metavar="F", help="Check the text of this file; - reads standard input.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the check as JSON.")] = False,
    document: Annotated[
        list[str] | None,
        typer.Option("--document", metavar="NAME", help="Only against this one: its id, path, address or title."),
    ] = None,
    checker: Annotated[
        str | None,
        typer.Option(
            "--checker", metavar="MODEL", help="A CrossEncoder for entailment, instead of attest's own model."
        ),
    ] = None,
    index: IndexFlag = None,
) -> None:
    """Say whether a text is supported by the source, sentence by sentence."""
    from ui.terminal.check import check, text_of

    text = text_of(claim, file)
    _end(check(_settings(index=index, checker=checker), text, as_json=as_json, documents=document or []))


@app.command()
def recheck(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", show_default=False, help="Saved answers: JSON, JSON lines or Markdown.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    index: IndexFlag = None,
) -> None:
    """Say whether saved quotations still stand; exit 1 if one has changed or is gone."""
    from ui.terminal.check import recheck

    _end(recheck(_settings(index=index), file, as_json=as_json))


@app.command()
def chat(
    llm: ModelFlag = None,
    llm_url: ModelUrlFlag = None,
    llm_provider: ModelProviderFlag = None,
    index: IndexFlag = None,
) -> None:
    """Hold a conversation in the terminal."""
    from ui.terminal.chat import chat

    _end(chat(_settings(index=index, llm=llm, llm_url=llm_url, llm_provider=llm_provider)))


@app.command()
def overview(
    document: Annotated[
        str | None, typer.Argument(metavar="DOCUMENT", show_default=False, help="Its id, path, address or title.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the overview as JSON.")] = False,
    index: IndexFlag = None,
) -> None:
    """Show a document as a whole: its key sentences, a timeline, its people."""
    from ui.terminal.overview import overview

    _end(overview(_settings(index=index), document, as_json=as_json))


@app.command()
def serve(
    host: Annotated[str | None, typer.Option("--host", metavar="H", help="The address to listen on.")] = None,
    port: Annotated[int | None, typer.Option("--port", metavar="P", help="The port to listen on.")] = None,
    auth: Annotated[
        str | None,
        typer.Option("--auth", metavar="FILE", help="Who may log in; its lines are made by: attest password USER."),
    ] = None,
    no_auth: Annotated[
        bool, typer.Option("--no-auth", help="Let in everybody who can reach the address, with no login.")
    ] = False,
    allowed_host: Annotated[
        list[str] | None,
        typer.Option("--allowed-host", metavar="NAME", help="A name by which it is reached; may be given again."),
    ] = None,
    llm: ModelFlag = None,
    llm_url: ModelUrlFlag = None,
    llm_provider: ModelProviderFlag = None,
    index: IndexFlag = None,
) -> None:
    """Serve the web page (bundled article if empty)."""
    from ui.terminal.serve import serve

    settings = _settings(
        index=index,
        host=host,
        port=port,
        auth=auth,
        allowed_host=allowed_host or None,
        llm=llm,
        llm_url=llm_url,
        llm_provider=llm_provider,
    )
    serve(settings, no_auth=no_auth)


@app.command()
def password(user: Annotated[str, typer.Argument(metavar="USER", show_default=False)]) -> None:
    """Print a user's line for the file that serve reads."""
    from ui.terminal.password import password

    _end(password(user))


@app.command("eval")
def evaluate(
    path: Annotated[Path, typer.Argument(metavar="SET.jsonl", show_default=False)],
    article: Annotated[Path | None, typer.Option("--article", metavar="F", help="The text the set is about.")] = None,
    answers: Annotated[
        Path | None,
        typer.Option("--answers", metavar="FILE", help="Judge these answers, in the form that ask writes for a batch."),
    ] = None,
    baseline: Annotated[
        Path | None, typer.Option("--baseline", metavar="F", help="Compare with it; written by the first run.")
    ] = None,
    accept: Annotated[bool, typer.Option("--accept", help="Take this run as the new baseline.")] = False,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="DIR", help="Write report.html, report.md, junit.xml, run.json.")
    ] = None,
    index: IndexFlag = None,
) -> None:
    """Measure answers on a set of questions; exit 1 on a regression."""
    from ui.terminal.evaluate import evaluate

    settings = _settings(index=index)
    _end(
        evaluate(
            settings,
            path,
            article=article,
            answers=answers,
            baseline=baseline,
            accept=accept,
            report=report,
            index=settings.index if index is not None else None,
        )
    )


@app.command()
def calibrate(
    path: Annotated[Path | None, typer.Argument(metavar="SET.jsonl", show_default=False)] = None,
    article: Annotated[
        Path | None,
        typer.Option("--article", metavar="FILE", help="The text of the set, asked alone, without an index."),
    ] = None,
    risk: Annotated[
        float, typer.Option("--risk", metavar="SHARE", help="At most this share of false answers is promised.")
    ] = 0.05,
    sure: Annotated[
        float, typer.Option("--sure", metavar="SHARE", help="The confidence with which it is promised.")
    ] = 0.9,
    accept: Annotated[
        bool, typer.Option("--accept", help="From now on the answers of the index use the threshold.")
    ] = False,
    remove: Annotated[bool, typer.Option("--remove", help="Go back to the threshold that ships with attest.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    index: IndexFlag = None,
) -> None:
    """Fit the threshold of "Not in the source." to your own questions; exit 1 if nothing can be promised."""
    from ui.terminal.calibrate import calibrate, check_flags, remove_threshold

    check_flags(path, article=article, risk=risk, sure=sure, accept=accept, remove=remove, as_json=as_json, index=index)
    settings = _settings(index=index)
    if path is None:
        _end(remove_threshold(settings))
    else:
        _end(calibrate(settings, path, article=article, risk=risk, sure=sure, accept=accept, as_json=as_json))


@app.command()
def bench(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            show_default=False,
            help="squad1, squad2, beir, chunking, mtrag-un, doc2dial, trecqa, wice, fm2, mtrag-human, begin or parts.",
        ),
    ],
    data: Annotated[Path, typer.Option("--data", metavar="PATH", help="The benchmark's file or folder.")],
    sample: Annotated[
        int | None, typer.Option("--sample", metavar="N", min=0, help="So many questions, drawn at random; 0 for all.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", metavar="S", min=0, help="Of the draw and the intervals.")] = 0,
) -> None:
    """Run a public benchmark, beside stock LlamaIndex or part by part."""
    from ui.terminal.bench import bench

    _end(bench(name, data, sample=sample, seed=seed))


@app.command()
def doctor(
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Rebuild the index from the stored text.")] = False,
    index: IndexFlag = None,
) -> None:
    """Verify the index against the stored text."""
    from ui.terminal.doctor import doctor

    _end(doctor(_settings(index=index), rebuild=rebuild))


if __name__ == "__main__":
    main()
