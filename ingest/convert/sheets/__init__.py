"""Spreadsheets to Markdown tables: files of separated values (.csv, .tsv) and Excel workbooks (.xlsx).

records.py, dialect.py  the characters of a .csv file to its cells, and which sign parts them
values.py               what a cell holds: a number, a date, words
headers.py              which first rows name the columns
blocks.py               cells in rows and columns to titles, tables and notes
delimited.py            a .csv file to a document
workbook.py, layout.py  an .xlsx file to a document; what is hidden or merged in it
formats.py              numbers and dates as they are shown
"""
