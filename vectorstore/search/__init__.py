"""Passages for a question: by vectors, by words, and both together.

candidates.py   the three searches and what each measures; hybrid.py one ranking of them
dense.py        vectors in Chroma; exact.py all vectors compared, where they are few; seal.py whether they are as stored
lexical.py      BM25
"""
