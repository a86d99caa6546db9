"""Published sets of claims with the texts that they are to be held against: the checker on them.

sets.py        the formats: WiCE, Fool Me Twice, human ratings of MTRAG's answers, BEGIN
checking.py    the checker on each claim against its own texts; what is flagged, balanced accuracy, AUROC
"""
