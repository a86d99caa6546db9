"""A claim compared with a stretch of the source, one kind of thing at a time, each with a receipt.

    comparing.py   compare(claim, window) -> findings
    aligned.py     which sentence speaks of the same, which words stand in the same place; words.py takes texts apart
    numbers.py     counts, measures, durations; amounts.py reads them
    times.py       dates; dates.py reads them
    names.py       people, places, organisations; naming.py reads them
    polarity.py    said or denied, and opposite words
    roles.py       who did what to whom
    speakers.py    who says it
    hedges.py      fact, report, possibility, intention, condition
    causes.py      because of it, or only after it
    quantities.py  all, most, some, few; always, rarely; only
    lexicon.py     base forms, opposites, small classes of words; wordnet.txt

All is deterministic and takes about a millisecond. But: the rules are English; of other languages only numbers and
names are compared. Nothing here decides whether the claim is supported.
"""
