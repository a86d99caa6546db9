"""Question and history in, an answer with exact citations out.

    engine.py          the answer path from end to end: Assistant.ask; types.py what an answer is
    understanding/     what a question means, after those before it
    ranking.py         passages and sentences in order
    abstention/        whether the source answers at all, or "Not in the source."
    selection.py       which sentences are shown
    citation.py        a sentence with the exact characters that it is cited from
    calibration.py     every weight and threshold, and where it comes from
    reader/            the network that reads question and passage together
    check/             whether a text is supported by the source
    about/             questions about a document as a whole, in several parts, or for a numbered part of it
    wire.py            an answer as JSON; replay.py earlier questions asked again
    settings.py        flags, variables, files
    llamaindex.py      the same as parts of a LlamaIndex program

Nothing here reads documents or stores them.
"""
