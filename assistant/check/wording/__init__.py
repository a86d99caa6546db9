"""The words of a sentence that is checked, and in which other words the source may say them.

frames.py      "According to the article, ...": words that say where it stands, and claim nothing
aliases.py     what else a text calls somebody
denials.py     which words are denied
lists.py       a part of a list, and the whole of it
words.py       the words that carry content, and how well the source holds each
"""
