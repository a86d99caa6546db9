"""What the checker is for in an answer.

premise.py         what a question takes for granted, as a claim
otherwise.py       whether the source says otherwise than that; affirmed.py whether it tells it near by all the same
beside.py          whether documents answer a question differently
"""
