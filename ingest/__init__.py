"""Sources in, passages with exact offsets out.

pipeline.py, batch.py   a run over files, folders and web pages, with a report for each document
sources.py, loading.py  what a target stands for, and its document
fetch.py, convert/      the bytes of a web page; bytes to text
structure.py, layout/   a text to headings, paragraphs, captions, letters, notes
speech/                 which words are somebody's speech, and whose
sentences.py            a block to sentences
passages.py             a document to passages
node_parser.py          the same for LlamaIndex
"""
