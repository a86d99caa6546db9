"""A file's bytes to text: PDF, Word, EPUB, HTML, spreadsheets, plain text.

But: how a text is laid out is found in `ingest.layout`.
"""
