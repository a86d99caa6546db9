"""The page, its script, its style and the sources it shows, as one guarded ASGI application.

But: nothing here listens on a port (serve.py).
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import gradio as gr
from fastapi import FastAPI, Request, Response
from starlette.types import ASGIApp

from ui.app import MAX_UPLOAD_BYTES, theme
from ui.guard import Guard
from ui.hosts import Hosts
from ui.login import Login
from ui.source_view import source_json
from vectorstore.index import Index

_HERE = Path(__file__).parent
_ASSETS = {
    "page.js": "text/javascript",
    "style.css": "text/css",
}


def create_app(blocks: gr.Blocks, index: Index, *, hosts: Hosts, login: Login | None = None) -> ASGIApp:
    """`blocks`, made by `ui.app.build` on `index`, ready for an ASGI server. `hosts`: the names it answers by; `login`:
    who may come in, without it everybody."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    versions = {name: sha256((_HERE / name).read_bytes()).hexdigest()[:12] for name in _ASSETS}

    @app.get("/attest/source/{document_id}")
    def source(document_id: str, request: Request) -> Response:
        try:
            document = index.document(document_id)
        except KeyError:
            return Response('{"error":"This document is no longer here."}', 404, media_type="application/json")
        tag = f'"{document.sha256[:32]}"'
        headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        return Response(source_json(document), headers=headers, media_type="application/json")

    @app.get("/attest/{name:path}")
    def asset(name: str) -> Response:
        if name not in _ASSETS:
            return Response(status_code=404)
        headers = {"Cache-Control": "private, max-age=31536000, immutable"}
        return Response((_HERE / name).read_bytes(), headers=headers, media_type=_ASSETS[name])

    gr.mount_gradio_app(
        app,
        blocks,
        path="/",
        theme=theme(),
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size=MAX_UPLOAD_BYTES,
        ssr_mode=False,
        enable_monitoring=False,
        mcp_server=False,
        pwa=False,
    )
    head = (
        f'<link rel="stylesheet" href="/attest/style.css?{versions["style.css"]}">'
        f'<script src="/attest/page.js?{versions["page.js"]}" defer></script>'
    )
    return Guard(app, hosts=hosts, login=login, upload_bytes=MAX_UPLOAD_BYTES, head=head)
