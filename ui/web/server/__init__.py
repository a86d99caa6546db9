"""The server around the page: addresses, logins, limits, and the check of every request.

access.py       who may reach it: where it listens, with a login or without, under which names
connections.py  how many connections, and for how long they may be silent
guard.py        which requests are answered, and the headers of every response
hosts.py        by which names, and whether a request comes from the page itself
bodies.py       how long the body of a request may be, and may take
login.py        logging in and out, with passwords.py and sessions.py
calls.py        which calls reach Gradio
application.py  all of it around the page, as one ASGI application
stopping.py     the end, within 5 s
"""
