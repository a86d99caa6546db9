"""Whether a text is supported by the source: sentence by sentence, with what speaks for and against it on both sides.

    types.py           what a check gives: Check, CheckedSentence, Finding
    windows.py         the stretches of the source that a sentence is compared with

Nothing here changes an answer or an index.
"""
