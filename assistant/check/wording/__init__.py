"""The words of a sentence that is checked, and in which other words the source may say them.

frames.py      "According to the article, ...": words that say where it stands, and claim nothing
who/           who is meant: aliases, pronouns, ranks
denials.py     which words are denied
lists.py       a part of a list, and the whole of it; pairs.py two things told with one verb
joined.py      a cause made of two things that are only told side by side
states.py      what is said of now, and is over
words.py       the words that carry content, and how well the source holds each
"""
