"""A language model that answers in its own words, none of which is shown as supported unless the source supports it.

    endpoint.py        the model that the settings name, behind the address of its server
    prompt.py          what it is told: the passages as marked data, the conversation, within its context
    rephrasing.py      a question that leans on the conversation in the model's words, for the search
    speaking.py        what it says, piece by piece, within its time
    sentences.py       pieces to sentences, with the passages that each cites
    guarded.py         the assistant with a model: every sentence checked, the source's own words where that fails

Nothing here is imported unless a model is asked for. But: whether a sentence is supported is decided in `check/`.
"""
