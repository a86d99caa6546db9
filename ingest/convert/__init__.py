"""A file's bytes to text: PDF, Word, EPUB, HTML, e-mail, spreadsheets, plain text.

But: how a text is laid out is found in `ingest.layout`.
"""
