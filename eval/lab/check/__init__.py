"""The check of texts against the source: what it finds, what it is fitted on, what each of its parts is worth.

claims.py      claims by hand about the bundled article
pairs/         claims made from any article, wrong ones and faithful ones
signals.py     what the checker measures of them
fit.py         fits `assistant/check/verdict.json`
figures.py     what the checker finds of each kind
ablation.py    what it finds without one of its parts
"""
