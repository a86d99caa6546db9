"""Question and history in, an answer with exact citations out.

    engine.py          the answer path: Assistant.ask
    conversation.py    what a question means after those before it
    question.py        what kind of answer it wants
    ranking.py         passages and sentences in order, and how sure it is that the source answers
    selection.py       which sentences are shown
    calibration.py     every weight and threshold, and where it comes from
    reader/            the network that reads question and passage together
    wire.py, batch.py  an answer as JSON, a file of questions

Nothing here reads documents or stores them.
"""
