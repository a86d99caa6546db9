"""What is not read out of a passage: talk, questions about a document as a whole, an overview of it, its clauses.

talk.py       "hello", "help", "thanks": a line that says what to do
asks.py       whether a question is about a document: its title, author, date, length, people, events, what it is about
which.py      which of the documents is meant
facts.py      title, author, date, length, sections
sentences.py  the sentences of a document in its sections
key.py        the sentence of a section that says most (Radev et al., 2004)
timeline.py   dated sentences in the order of their dates
people.py     names of people, and where they appear
clauses.py    the clause, section or rule that a question names, whole
answers.py    the answer made of these
"""
