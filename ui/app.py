"""The page in Gradio: what stands where, and what happens when something is asked, chosen or added.

Each visitor has a conversation of their own (`gr.State`); the index, and what is added to it, is shared.

But: how an answer looks is chat_view.py, how the source looks is source_view.py and page.js.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import gradio as gr

from assistant.types import Answer, Turn
from ui import chat_view
from ui.adding import Added, add_address, add_upload
from ui.chat_view import Exchange
from vectorstore.errors import AttestError
from vectorstore.index import Index
from vectorstore.types import Document

ALL = "all"
"""The scope that searches every document."""
MAX_UPLOAD_BYTES = 50 * 1024 * 1024
_AT_ONCE = 16
_ADDING_AT_ONCE = 2
_log = logging.getLogger(__name__)

EXAMPLES = (
    "What was Lenin’s “bombshell”?",
    "Who could be considered Lenin’s first lieutenants?",
    "When did Lenin die?",
    "Where was Trotsky exiled?",
    "How many copies of “Lessons of October” were sold?",
)
"""Questions to the bundled article; the last has no answer in it."""


class Asks(Protocol):
    """What the page needs of an assistant."""

    def ask(
        self, question: str, history: Sequence[Turn] = (), *, document_ids: Collection[str] | None = None
    ) -> Answer: ...


@dataclass(frozen=True, slots=True)
class Memory:
    """One visitor's conversation: what the assistant needs of it, and what is shown of it."""

    turns: tuple[Turn, ...] = ()
    exchanges: tuple[Exchange, ...] = ()


def theme() -> gr.themes.Base:
    """Gradio's base theme without its fonts, which lack most letters; colours and shapes are in style.css."""
    return gr.themes.Base(
        primary_hue="teal",
        neutral_hue="stone",
        font=["ui-sans-serif", "system-ui", "sans-serif"],
        font_mono=["ui-monospace", "monospace"],
    )


def build(assistant: Asks, index: Index, *, uploads: Path) -> gr.Blocks:
    """The page for one index. `uploads` is the folder that GRADIO_TEMP_DIR names: what is uploaded lies there until it
    has been read."""
    return _Page(assistant, index, uploads).blocks()


class _Page:
    def __init__(self, assistant: Asks, index: Index, uploads: Path) -> None:
        self._assistant = assistant
        self._index = index
        self._uploads = uploads

    def blocks(self) -> gr.Blocks:
        documents = self._index.documents()
        blocks: gr.Blocks = gr.Blocks(
            title="attest", analytics_enabled=False, fill_width=True, delete_cache=(600, 3600)
        )
        with blocks:
            memory = gr.State(Memory())
            with gr.Row(elem_id="masthead"):
                _html(_MASTHEAD, "brand")
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
                with gr.Column(elem_id="right"):
                    with gr.Row(elem_id="choosing"):
                        scope = gr.Dropdown(
                            choices=_choices(documents),
                            value=_first_scope(documents),
                            label="Ask",
                            elem_id="scope",
                            filterable=False,
                            interactive=True,
                        )
                    with gr.Accordion("Add a document", open=False, elem_id="adding") as panel:
                        upload = gr.File(
                            label="A file: .txt .md .html .pdf .docx, up to 50 MB",
                            elem_id="upload",
                            height=110,
                        )
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
                    _html(_source_pane(documents), "source")

            hidden: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
            gr.on(
                [question.submit, ask.click],
                self._ask,
                [question, memory, scope],
                [conversation, memory, question, report],
                concurrency_limit=_AT_ONCE,
                **hidden,
            )
            fresh.click(self._fresh, [scope], [conversation, memory, question], **hidden)
            adding: dict[str, Any] = {"api_visibility": "private", "show_progress": "full", "show_progress_on": report}
            upload.upload(
                self._add_file, [upload], [report, scope, panel, upload], concurrency_limit=_ADDING_AT_ONCE, **adding
            )
            gr.on(
                [fetch.click, address.submit],
                self._add_address,
                [address],
                [report, scope, panel, address],
                concurrency_limit=_ADDING_AT_ONCE,
                **adding,
            )
            scope.change(None, [scope], None, js="(id) => window.attest && window.attest.choose(id)", **hidden)
            scope.change(self._rescoped, [scope, memory], [conversation], **hidden)
            blocks.load(self._opened, [scope], [scope], **hidden)
        blocks.queue(api_open=False, max_size=256, default_concurrency_limit=_AT_ONCE)
        return blocks

    def _shown(self, memory: Memory, scope: str) -> str:
        if memory.exchanges:
            return chat_view.conversation(memory.exchanges, "")
        documents = self._index.documents()
        bundled = {document.id for document in documents if document.origin.startswith("bundled:")}
        examples = EXAMPLES if bundled and (scope == ALL or scope in bundled) else ()
        return chat_view.conversation((), chat_view.welcome(len(documents), examples))

    def _ask(self, question: str, memory: Memory, scope: str) -> Iterator[tuple[Any, ...]]:
        if not question.strip():
            yield gr.skip(), gr.skip(), gr.skip(), gr.skip()
            return
        waiting = Memory(memory.turns, (*memory.exchanges, chat_view.pending(question)))
        yield self._shown(waiting, scope), gr.skip(), "", ""
        after = self._answered(question, memory, scope)
        yield self._shown(after, scope), after, gr.skip(), gr.skip()

    def _answered(self, question: str, memory: Memory, scope: str) -> Memory:
        try:
            chosen = None if scope == ALL else [scope]
            answer = self._assistant.ask(question, memory.turns, document_ids=chosen)
            exchange = chat_view.answered(answer, self._index.document)
        except AttestError as error:
            return self._not_answered(question, memory, str(error))
        except Exception:  # a visitor must not be left waiting for ever; whoever runs the server sees what happened
            _log.exception("A question could not be answered.")
            return self._not_answered(
                question, memory, "This question could not be answered: the server has logged why."
            )
        turns = (*memory.turns, Turn(question, answer))
        return Memory(turns, (*memory.exchanges, exchange))

    def _not_answered(self, question: str, memory: Memory, why: str) -> Memory:
        exchange = chat_view.failed(question, why)
        return Memory(memory.turns, (*memory.exchanges, exchange))

    def _fresh(self, scope: str) -> tuple[str, Memory, str]:
        return self._shown(Memory(), scope), Memory(), ""

    def _rescoped(self, scope: str, memory: Memory) -> Any:
        return gr.skip() if memory.exchanges else self._shown(memory, scope)

    def _opened(self, scope: str) -> Any:
        documents = self._index.documents()
        known = {ALL, *(document.id for document in documents)}
        return gr.update(choices=_choices(documents), value=scope if scope in known else _first_scope(documents))

    def _add_file(self, path: str | None, progress: gr.Progress = gr.Progress()) -> tuple[Any, ...]:  # noqa: B008
        if path is None:
            return gr.skip(), gr.skip(), gr.skip(), gr.skip()
        return (*self._added(add_upload(Path(path), self._uploads, self._index, _shown_on(progress))), None)

    def _add_address(self, address: str, progress: gr.Progress = gr.Progress()) -> tuple[Any, ...]:  # noqa: B008
        if not address.strip():
            return gr.skip(), gr.skip(), gr.skip(), gr.skip()
        added = add_address(address.strip(), self._index, _shown_on(progress))
        return (*self._added(added), "" if added.document_id else gr.skip())

    def _added(self, added: Added) -> tuple[str, Any, Any]:
        if added.document_id is None:
            return added.html, gr.skip(), gr.skip()
        selected = gr.update(choices=_choices(self._index.documents()), value=added.document_id)
        return added.html, selected, gr.update(open=False)


def _html(value: str, elem_id: str) -> gr.HTML:
    """HTML that is shown as it is: gr.HTML escapes nothing, whoever makes `value` has."""
    return gr.HTML(value, elem_id=elem_id, js_on_load=None, apply_default_css=False)


def _shown_on(progress: gr.Progress) -> Callable[[float, str], object]:
    return lambda share, what: progress(share, desc=what)


def _choices(documents: list[Document]) -> list[tuple[str, str]]:
    """Names for the selector; equal titles are told apart by a number."""
    seen: dict[str, int] = {}
    choices = [("All documents", ALL)]
    for document in documents:
        seen[document.title] = seen.get(document.title, 0) + 1
        again = f" ({seen[document.title]})" if seen[document.title] > 1 else ""
        choices.append((document.title + again, document.id))
    return choices


def _first_scope(documents: list[Document]) -> str:
    return documents[0].id if len(documents) == 1 else ALL


_MASTHEAD = (
    '<div class="masthead"><h1>attest<span>.</span></h1><p>Ask the source. Every sentence shows where it stands.</p>'
    '<button type="button" id="open-source" class="quiet">Source</button></div>'
)


def _source_pane(documents: list[Document]) -> str:
    """The empty frame that page.js fills."""
    first = documents[0].id if documents else ""
    return (
        f'<section class="source" id="source-pane" aria-labelledby="source-title" data-first="{first}">'
        '<header><div><h2 id="source-title"></h2><p id="source-about"></p></div>'
        '<button type="button" id="back" class="quiet" hidden>Back to the answer</button>'
        '<button type="button" id="close-source" class="quiet" aria-label="Close the source">Close</button></header>'
        '<div id="source-text" tabindex="0" role="region" aria-labelledby="source-title"></div>'
        '<p id="announce" class="visually-hidden" aria-live="polite"></p></section>'
    )
