"""Which words of a text are somebody's speech, and whose.

quotemarks.py   where quotation marks open and close
turns.py        conversations in which each turn begins with its speaker's name
speakers.py     whom the words around a quotation name, with subjects.py and names.py
context.py      whom a pronoun stands for
quotations.py   which quotations are speech, and the speaker of each
vocabulary.py   the words by which all that is known
"""
