"""Pairs of a sentence and a claim made from it, for fitting and measuring the check: errors and faithful rewordings.

    article.py     the sentences and names of a document
    values.py      numbers, units and dates: wrong, and written another way
    people.py      names, roles, speakers, subjects: exchanged, and shortened or put for a pronoun
    meaning.py     negation, opposites, amounts, hedges, causes: turned, and said with other words
    shape.py       details invented, conditions cut off, wrong places cited; clauses moved, dropped and joined
    make.py        all generators by kind, and which are held out from fitting

A generator gives nothing rather than a claim whose label is in doubt.
But: what people write is not what rules write; `eval/sets/claims.jsonl` holds claims by hand.
"""
