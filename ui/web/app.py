"""The page in Gradio: what stands where, and what happens when something is asked, chosen or added.

Each visitor has a conversation of their own (`gr.State`); the index, and what is added to it, is shared. Functions of
the page take texts only: a file comes as the ticket of its upload.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.types import Answer, Turn
from ingest.deadline import Stopped
from ingest.pipeline import Progress
from ui.web import chat_view, check_view
from ui.web.adding import Added, Adding
from ui.web.answers import Answers, Asks, Growing
from ui.web.chat_view import Exchange
from ui.web.checks import MOST_CHARACTERS, Checker, Checks, Doing
from ui.web.line import LineFull
from ui.web.pictures import Pictures
from ui.web.source_view import source_frame
from ui.web.uploads import MAX_FILE, Uploads
from ui.web.visitors import Visitor, network
from vectorstore.errors import UsageError
from vectorstore.index import Index
from vectorstore.types import Head

ALL = "all"
"""The scope that searches every document."""
MOST_TURNS = 50
"""Turns of a conversation that are kept and shown; older ones go."""
_AT_ONCE = 300
"""Events that Gradio runs at a time: most of them only wait in one of our lines."""
_log = logging.getLogger(__name__)

EXAMPLES = (
    "What was Lenin’s “bombshell”?",
    "Who could be considered Lenin’s first lieutenants?",
    "When did Lenin die?",
    "Where was Trotsky exiled?",
    "How many copies of “Lessons of October” were sold?",
)
"""Questions to the bundled article; the last has no answer in it."""
ABOUT_ONE = ("What is this document about?", "What are the main events?", "Who are the main people?")
ABOUT_SEVERAL = ("Which documents are there?", "What are these documents about?")
"""Questions to any document, and to several."""
CHECKABLE = (
    "Lenin died on 21 January 1924. In May 1924 his testament was read to the delegates of the congress, and Trotsky "
    "resigned as commissar of war. Trotsky was murdered in Mexico in 1938. He liked to play chess with his guards."
)
"""A text about the bundled article, not all of it true."""


@dataclass(frozen=True, slots=True)
class Memory:
    """One visitor's conversation: what the assistant needs of it, and what is shown of it. `asked` counts all
    exchanges, also those that are no longer kept."""

    turns: tuple[Turn, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    asked: int = 0

    def plus(self, exchange: Exchange, *turn: Turn) -> Memory:
        """This conversation with one exchange more."""
        turns, exchanges = (*self.turns, *turn), (*self.exchanges, exchange)
        return Memory(turns[-MOST_TURNS:], exchanges[-MOST_TURNS:], self.asked + 1)


class Page:
    """The page for one index. `uploads`: where files lie that have been sent; `logout`: the path of the page that logs
    out, where there is a login; `model`: the language model that words the answers, if any."""

    def __init__(
        self,
        assistant: Asks,
        index: Index,
        uploads: Uploads,
        checker: Checker,
        *,
        logout: str | None = None,
        model: str | None = None,
        added: Callable[[], object] = lambda: None,
    ) -> None:
        self._index = index
        self._logout = f'<a href="{logout}" id="logout">Log out</a>' if logout else ""
        self._answers = Answers(assistant, model=model is not None)
        self._model = model
        self._checks = Checks(checker)
        self._adding = Adding(index, uploads, added)
        self.pictures = Pictures(index)

    def scopes(self) -> frozenset[str]:
        """What may be chosen to ask."""
        return frozenset((ALL, *(document.id for document in self._index.heads())))

    def stop(self) -> None:
        """Asks what is under way to end. Call it as soon as the server is to stop."""
        self._adding.stop()
        self._answers.stop()
        self._checks.stop()
        self.pictures.stop()

    def close(self) -> None:
        """Waits until nothing is under way any more."""
        self._adding.close()
        self.pictures.close()
        self._answers.close()
        self._checks.close()

    def blocks(self) -> gr.Blocks:
        """The page as Gradio's components and events."""
        os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", "1000000")  # else each event costs a pandas groupby
        documents = self._index.heads()
        blocks: gr.Blocks = gr.Blocks(title="attest", analytics_enabled=False, fill_width=True)
        blocks.max_threads = _AT_ONCE
        with blocks:
            memory, judged = gr.State(Memory()), gr.State(False)
            with gr.Row(elem_id="masthead"):
                _html(_MASTHEAD.format(logout=self._logout), "brand")
                fresh = gr.Button("New conversation", elem_id="fresh", size="sm")
            with gr.Row(elem_id="panes"):
                with gr.Column(elem_id="left"):
                    conversation = gr.HTML(
                        self._shown(Memory(), ALL), elem_id="conversation", js_on_load=None, apply_default_css=False
                    )
                    with gr.Row(elem_id="composer"):
                        question = gr.Textbox(
                            elem_id="question",
                            show_label=False,
                            label="Your question",
                            placeholder="Ask the source a question",
                            lines=1,
                            max_lines=5,
                            container=False,
                            autofocus=True,
                        )
                        ask = gr.Button("Ask", elem_id="ask", variant="primary")
                    checked = _html(self._unchecked(ALL), "checked")
                    with gr.Row(elem_id="checking"):
                        text = gr.Textbox(
                            elem_id="text",
                            show_label=False,
                            label="The text to check",
                            placeholder="Paste a text to check against the source",
                            lines=3,
                            max_lines=9,
                            container=False,
                        )
                        check = gr.Button("Check", elem_id="check", variant="primary")
                        _html(f'<p id="counted" data-most="{MOST_CHARACTERS}" role="status"></p>', "counting")
                with gr.Column(elem_id="right"):
                    with gr.Row(elem_id="choosing"):
                        scope = gr.Dropdown(
                            choices=_choices(documents),
                            value=_first_scope(documents),
                            label="Source",
                            elem_id="scope",
                            filterable=False,
                            interactive=True,
                        )
                    with gr.Accordion("Add a document", open=False, elem_id="adding") as panel:
                        _html(_UPLOAD, "upload")
                        ticket = gr.Textbox(elem_id="ticket", visible="hidden", show_label=False, label="Ticket")
                        bring = gr.Button("Add", elem_id="bring", visible="hidden")
                        with gr.Row(elem_id="by-address"):
                            address = gr.Textbox(
                                label="Address of a web page",
                                show_label=False,
                                placeholder="or the address of a web page: https://…",
                                elem_id="address",
                                container=False,
                                max_lines=1,
                            )
                            fetch = gr.Button("Add", elem_id="fetch", size="sm")
                    report = _html("", "report")
                    _html(source_frame(documents[0].id if documents else ""), "source")

            hidden: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "concurrency_limit": None}
            gr.on(
                [question.submit, ask.click],
                self._ask,
                [question, memory, scope],
                [conversation, memory, question, report],
                **hidden,
            )
            fresh.click(self._fresh, [scope], [conversation, memory, question], **hidden)
            adding = {**hidden, "show_progress": "full", "show_progress_on": report}
            bring.click(self._add_file, [ticket], [report, scope, panel, ticket], **adding)
            gr.on(
                [fetch.click, address.submit], self._add_address, [address], [report, scope, panel, address], **adding
            )
            choose = "(id) => window.attest && window.attest.choose(id)"
            scope.change(None, [scope], None, js=choose, api_visibility="private", show_progress="hidden")
            scope.change(self._rescoped, [scope, memory, judged], [conversation, checked], **hidden)
            blocks.load(self._opened, [scope], [scope], **hidden)
            check.click(self._check, [text, scope], [checked, judged], **hidden)
        blocks.queue(api_open=False, default_concurrency_limit=None)
        # Gradio checks paths only for pages that were started by `launch`. None reaches it (calls.py); this is the
        # second wall.
        blocks.has_launched = True
        return blocks

    def _shown(self, memory: Memory, scope: str | None) -> str:
        if memory.exchanges:
            return chat_view.conversation(memory.exchanges, "", first=memory.asked - len(memory.exchanges) + 1)
        documents = self._index.heads()
        bundled = {document.id for document in documents if document.origin.startswith("bundled:")}
        examples: Sequence[str] = ()
        if bundled and (scope == ALL or scope in bundled):
            examples = EXAMPLES
        elif documents:
            examples = ABOUT_ONE if len(documents) == 1 or scope != ALL else ABOUT_SEVERAL
        return chat_view.conversation((), chat_view.welcome(len(documents), examples, self._model))

    async def _ask(
        self, question: str | None, memory: Memory, scope: str | None, request: gr.Request
    ) -> AsyncIterator[tuple[Any, ...]]:
        question = (question or "").strip()
        if not question:
            yield gr.skip(), gr.skip(), gr.skip(), gr.skip()
            return
        yield self._waiting(question, memory, scope, 0), memory, "", ""
        after = memory
        try:
            chosen = self._chosen(scope)
            answers = self._answers.ask(_visitor(request), question, memory.turns, chosen, self._index.version)
            async for answer in answers:
                if isinstance(answer, Growing):
                    grown = await asyncio.to_thread(chat_view.growing, answer.answer, self._index.document)
                    yield self._shown(memory.plus(grown), scope), memory, gr.skip(), ""
                elif isinstance(answer, Answer):
                    # In a thread: a document may have to be read first.
                    exchange = await asyncio.to_thread(chat_view.answered, answer, self._index.document)
                    after = memory.plus(exchange, Turn(question, answer))
                else:
                    yield self._waiting(question, memory, scope, answer), memory, gr.skip(), ""
        except (UsageError, LineFull) as error:  # written for whoever asks
            after = memory.plus(chat_view.failed(question, str(error)))
            yield self._shown(after, scope), after, question, ""  # to be mended, or asked again
            return
        except Exception as error:  # a visitor must not be left waiting; whoever runs the server sees what happened
            _log.error("A question could not be answered: %s: %s", type(error).__name__, error)
            after = memory.plus(chat_view.failed(question, _FAILED))
        yield self._shown(after, scope), after, gr.skip(), ""

    def _waiting(self, question: str, memory: Memory, scope: str | None, ahead: int) -> str:
        return self._shown(memory.plus(chat_view.pending(question, ahead)), scope)

    def _chosen(self, scope: str | None) -> str | None:
        """The id of the chosen document, None for all. Raises UsageError where there is no such document."""
        if scope == ALL:
            return None
        if scope is None or scope not in self.scopes():
            raise UsageError("the chosen document is no longer here: choose another, or reload the page")
        return scope

    async def _check(self, text: str | None, scope: str | None, request: gr.Request) -> AsyncIterator[tuple[str, bool]]:
        yield check_view.pending(0), True
        try:
            chosen = self._chosen(scope)
            async for found in self._checks.check(_visitor(request), text or "", chosen):
                if isinstance(found, Doing):
                    yield check_view.pending(found.ahead), True
                else:
                    yield await asyncio.to_thread(check_view.checked, found, self._index.document), True
        except (UsageError, LineFull, Stopped) as error:  # written for whoever asks
            yield check_view.failed(str(error)), True
        except Exception as error:  # as above
            _log.error("A text could not be checked: %s: %s", type(error).__name__, error)
            yield check_view.failed(_UNCHECKED), True

    def _unchecked(self, scope: str | None) -> str:
        """What stands there before a text was checked."""
        documents = self._index.heads()
        bundled = any(d.origin.startswith("bundled:") and scope in (ALL, d.id) for d in documents)
        return check_view.empty(len(documents), CHECKABLE if bundled else None)

    def _fresh(self, scope: str | None) -> tuple[str, Memory, str]:
        return self._shown(Memory(), scope), Memory(), ""

    def _rescoped(self, scope: str | None, memory: Memory, judged: bool) -> tuple[Any, Any]:
        return (
            gr.skip() if memory.exchanges else self._shown(memory, scope),
            gr.skip() if judged else self._unchecked(scope),
        )

    def _opened(self, scope: str | None) -> Any:
        documents = self._index.heads()
        known = {ALL, *(document.id for document in documents)}
        return gr.update(choices=_choices(documents), value=scope if scope in known else _first_scope(documents))

    async def _add_file(
        self,
        ticket: str | None,
        request: gr.Request,
        progress: gr.Progress = gr.Progress(),  # noqa: B008
    ) -> tuple[Any, ...]:
        if not ticket:
            return gr.skip(), gr.skip(), gr.skip(), gr.skip()
        return (*self._added(await self._adding.upload(_visitor(request), ticket, _shown_on(progress))), "")

    async def _add_address(
        self,
        address: str | None,
        request: gr.Request,
        progress: gr.Progress = gr.Progress(),  # noqa: B008
    ) -> tuple[Any, ...]:
        address = (address or "").strip()
        if not address:
            return gr.skip(), gr.skip(), gr.skip(), gr.skip()
        added = await self._adding.address(_visitor(request), address, _shown_on(progress))
        return (*self._added(added), "" if added.document_id else gr.skip())

    def _added(self, added: Added) -> tuple[str, Any, Any]:
        if added.document_id is None:
            return added.html, gr.skip(), gr.skip()
        selected = gr.update(choices=_choices(self._index.heads()), value=added.document_id)
        return added.html, selected, gr.update(open=False)


def _visitor(request: gr.Request) -> Visitor:
    client = request.client
    return Visitor(network(client.host if client else None), request.session_hash or "")


def _html(value: str, elem_id: str) -> gr.HTML:
    """HTML that is shown as it is: gr.HTML escapes nothing, whoever makes `value` has."""
    return gr.HTML(value, elem_id=elem_id, js_on_load=None, apply_default_css=False)


def _shown_on(progress: gr.Progress) -> Progress:
    return lambda done, total, what: progress(done / max(1, total), desc=what)


def _choices(documents: list[Head]) -> list[tuple[str, str]]:
    """Names for the selector; equal titles are told apart by a number."""
    seen: dict[str, int] = {}
    choices = [("All documents", ALL)]
    for document in documents:
        seen[document.title] = seen.get(document.title, 0) + 1
        again = f" ({seen[document.title]})" if seen[document.title] > 1 else ""
        choices.append((document.title + again, document.id))
    return choices


_FAILED = "This question could not be answered: the server has logged why."
_UNCHECKED = "This text could not be checked: the server has logged why."
_UPLOAD = (
    f'<label class="drop"><input type="file" data-most="{MAX_FILE}" accept=".txt,.text,.md,.markdown,.html,.htm,.xhtml,'
    '.pdf,.docx,.xlsx,.xlsm,.epub,.eml,.emlx,.csv,.tsv,.vtt,.srt,text/plain">'
    '<span class="drop-title">Choose a file, or drop it here</span>'
    '<span class="drop-kinds">.txt .md .html .pdf .docx .xlsx .epub .eml .csv, '
    f"up to {MAX_FILE // 2**20} MB</span></label>"
    '<p id="uploading" role="status" aria-live="polite"></p>'
)


def _first_scope(documents: list[Head]) -> str:
    return documents[0].id if len(documents) == 1 else ALL


_MASTHEAD = (
    '<div class="masthead"><h1>attest<span>.</span></h1><div id="modes" role="group" aria-label="What to do"><button '
    'type="button" id="mode-ask" aria-pressed="true">Ask</button><button type="button" id="mode-check" '
    'aria-pressed="false">Check</button></div><p>Ask the source. Every sentence shows where it stands.</p>'
    '{logout}<button type="button" id="open-source" class="quiet">Source</button></div>'
)
