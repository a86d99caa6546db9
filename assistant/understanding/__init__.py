"""What a question means.

    conversation.py    what it means after those before it
    question.py        what kind of answer it wants
    wanted.py          whether a sentence holds that
    names.py           which names it holds, and where they stand
    lookup.py          which rows of a table it points at
    pointed.py         what of a passage it points at

Nothing here searches the source.
"""
