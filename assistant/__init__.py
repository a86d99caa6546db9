"""Question and history in, an answer with exact citations out; and the command line around it.

    engine.py      the answer path            cli.py, commands/   `attest ...`
    settings.py    flags, variables, files    terminal.py, wire.py, batch.py   an answer for people, programs, files

But: nothing here reads documents or stores them.
"""
