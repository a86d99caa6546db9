"""The page, its script, its style and the sources it shows, as one guarded ASGI application."""

from __future__ import annotations

import logging
from hashlib import sha256
from pathlib import Path

import gradio as gr
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp

from ingest.deadline import Stopped
from ingest.structure import structure_of
from ui.web.app import Page
from ui.web.chat_view import sentence_case
from ui.web.line import LineFull
from ui.web.pictures import NoPicture
from ui.web.server.calls import Calls
from ui.web.server.guard import Guard
from ui.web.server.hosts import Hosts
from ui.web.server.login import Login
from ui.web.source_view import source_json
from ui.web.uploads import MAX_FILE, UploadRefused, Uploads
from ui.web.visitors import Visitor, network
from vectorstore.errors import AttestError
from vectorstore.index import Index

_log = logging.getLogger(__name__)

_BESIDE = Path(__file__).parents[1]
_ASSETS = {
    "pages.js": "text/javascript",
    "page.js": "text/javascript",
    "style.css": "text/css",
}


def create_app(page: Page, index: Index, uploads: Uploads, *, hosts: Hosts, login: Login | None = None) -> ASGIApp:
    """The application for an ASGI server; `page` is made on the same `index` and `uploads`. `hosts`: the names it
    answers to; `login`: who may come in, without it everybody."""
    blocks = page.blocks()
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    versions = {name: sha256((_BESIDE / name).read_bytes()).hexdigest()[:12] for name in _ASSETS}

    @app.get("/attest/source/{document_id}")
    def source(document_id: str, request: Request) -> Response:
        try:
            document = index.document(document_id)
            structure = structure_of(index, document)
        except KeyError:
            return Response("This document is no longer here.\n", 404, media_type="text/plain")
        except AttestError as error:
            _log.error("A source could not be shown: %s", error)
            return Response("This document cannot be shown: the server's log says why.\n", 503, media_type="text/plain")
        body = source_json(document, structure)
        tag = f'"{sha256(body).hexdigest()[:32]}"'
        headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        return Response(body, headers=headers, media_type="application/json")

    @app.get("/attest/page/{document_id}/{original}/{number}")
    async def picture(document_id: str, original: str, number: str, request: Request) -> Response:
        visitor = Visitor(network(request.client.host if request.client else None), "")
        try:
            checked = await page.pictures.checked(document_id, original, number)
            tag = f'"{original[:32]}-{checked}"'  # the file's bytes and the number say all
            headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
            if request.headers.get("if-none-match") == tag:
                return Response(status_code=304, headers=headers)
            body = await page.pictures.page(visitor, original, checked)
        except NoPicture as error:
            return Response(f"{sentence_case(str(error))}.\n", 404, media_type="text/plain")
        except (LineFull, Stopped) as error:
            return Response(f"{sentence_case(str(error))}.\n", 503, {"Retry-After": "5"}, media_type="text/plain")
        except AttestError as error:
            _log.error("A page could not be shown: %s", error)
            return Response("This page cannot be shown: the server's log says why.\n", 503, media_type="text/plain")
        return Response(body, headers=headers, media_type="application/json")

    @app.post("/attest/upload")
    async def upload(request: Request, name: str = "") -> Response:
        address = network(request.client.host if request.client else None)
        try:
            size = int(request.headers.get("content-length", ""))
            return JSONResponse({"ticket": await uploads.receive(name, size, request.stream(), address)})
        except ClientDisconnect:
            _log.info("An upload was broken off.")
            return Response(status_code=400)
        except ValueError:
            return JSONResponse({"error": "The length of this upload is missing."}, 411)
        except AttestError as error:
            status = 413 if isinstance(error, UploadRefused) else 400
            return JSONResponse({"error": sentence_case(str(error))}, status)

    @app.get("/attest/{name:path}")
    def asset(name: str) -> Response:
        if name not in _ASSETS:
            return Response(status_code=404)
        headers = {"Cache-Control": "private, max-age=31536000, immutable"}
        return Response((_BESIDE / name).read_bytes(), headers=headers, media_type=_ASSETS[name])

    gr.mount_gradio_app(
        app,
        blocks,
        path="/",
        theme=_theme(),
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size=0,  # the page's own upload is above
        ssr_mode=False,
        enable_monitoring=False,
        mcp_server=False,
        pwa=False,
    )
    head = (
        f'<link rel="stylesheet" href="/attest/style.css?{versions["style.css"]}">'
        f'<script src="/attest/pages.js?{versions["pages.js"]}" defer></script>'
        f'<script src="/attest/page.js?{versions["page.js"]}" defer></script>'
    )
    return Guard(Calls(app, blocks, page.scopes), hosts=hosts, login=login, upload_bytes=MAX_FILE, head=head)


def _theme() -> gr.themes.Base:
    """Gradio's base theme without its fonts, which lack most letters; colours and shapes are in style.css."""
    return gr.themes.Base(
        primary_hue="teal",
        neutral_hue="stone",
        font=["ui-sans-serif", "system-ui", "sans-serif"],
        font_mono=["ui-monospace", "monospace"],
    )
