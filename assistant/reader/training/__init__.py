"""How the reader is trained: `python -m assistant.reader train --data FOLDER`.

But: nothing here is imported to answer a question.
"""
