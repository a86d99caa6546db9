"""Answers as they are saved, and whether their quotations still stand.

saved.py       JSON and Markdown, written and read
recheck.py     each quotation in the documents as they are now
"""
