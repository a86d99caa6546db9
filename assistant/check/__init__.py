"""Whether a text is supported by the source: sentence by sentence, with what speaks for and against it on both sides.

    checker.py         a text in, a verdict on each sentence out
    types.py           what a check gives: Check, CheckedSentence, Finding
    sentences.py       a text to the sentences that claim something
    wording/           the words of a sentence, and how well the source holds each
    windows.py         the stretches of the source that a sentence is compared with
    typed/             numbers, dates, names, denials, roles and more, compared one by one
    quotations.py      quotations judged: exact, altered, cut, spliced, wrongly placed, wrongly attributed; by quoting/
    signals.py         what is known of both, as numbers
    verdict.py         from these to a verdict, by the coefficients of verdict.json
    answers/           answers as they are saved, and do their quotations still stand
    reasons.py         why, in one line
    texts.py           texts at hand in the place of an index
    crossencoder.py    another model of entailment, by name, in the place of the reader's head
    llamaindex.py      an evaluator and a guarded query engine for LlamaIndex
    asked/             what a question takes for granted, and documents that answer it differently

Nothing here changes an answer or an index.
"""
