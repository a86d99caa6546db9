"""Quoted words against the words of the source.

    words.py       a text as comparable words, each with its exact place
    marked.py      which words of a sentence are quoted, and where the quoter left out or put in something
    aligned.py     two rows of words side by side: what was changed, left out, put in
    places.py      where quoted words stand in the documents
    turned.py      whether a cut or an ellipsis turns the meaning
    said.py        who says the quoted words, in the sentence and in the source
    judging.py     one quotation judged

But: no module here decides whether a sentence is supported.
"""
