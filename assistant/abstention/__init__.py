"""Whether the source answers at all, or "Not in the source."

deciding.py    from what was measured in the ranking to a probability, and to a decision
fitted.py      a threshold that `attest calibrate` fitted to an index and that is kept with it
"""
