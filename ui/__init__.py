"""The web page: a conversation on the left, the source on the right.

    app.py          the Gradio page and its events
    chat_view.py    a conversation as HTML, every word of it escaped
    source_view.py  a document as plain data for the source pane
    adding.py       a file or an address from the page into the index
    web.py          the page behind its guards, as one ASGI application
    guard.py        which requests are answered, and the headers of every response
    serve.py        `attest serve`: index, page, port

But: nothing here decides what an answer is.
"""

import os

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when gradio is imported, and on by default
