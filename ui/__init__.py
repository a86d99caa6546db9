"""The two ways to use attest: commands in a terminal, and a web page.

terminal/         the commands
web/              the page: what is shown, and what happens when something is asked or added
web/server/       the server around the page: who may come in, and how requests are checked
opening.py        the index and the assistant that the settings name
answer_parts.py   what page and terminal show alike of an answer
"""

import os

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when gradio is imported, and on by default
