"""What is not simply read out of passages: talk, questions about a document as a whole or for one numbered part of it,
questions that are several.

    talk.py       "hello", "help", "thanks": a line that says what to do
    asks.py       whether a question is about a document: its title, author, date, length, people, events, or all of it
    which.py      which of the documents is meant
    facts.py      title, author, date, length, sections
    sentences.py  the sentences of a document in its sections
    key.py        the sentence of a section that says most (Radev et al., 2004)
    timeline.py   dated sentences in the order of their dates
    people.py     names of people, and where they appear
    overview.py   an overview: key sentences, timeline, people
    numbered.py   the numbered parts of a text; clauses.py finds the one that a question names
    answers.py    the answers made of these
    parts.py      a question in two parts, a comparison
"""
