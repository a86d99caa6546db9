"""The reader: a network on the weights of all-mpnet-base-v2 that reads a question and a passage together, each alone in
its lower half, so that what that makes of a passage is kept.

It says whether the passage is the place (relevance), whether it answers at all, and which characters answer.
"""
