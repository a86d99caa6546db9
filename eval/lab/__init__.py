"""Experiments with attest itself: what each part is worth, whether the gate works, how the numbers are fitted."""
