"""Tables of a page: rows of cells, each cell the words in it.

rules.py    the rules of a page, made whole
cells.py    the words of a cell in lines
grids.py    tables drawn with rules between rows and columns
layouts.py  whether rules draw a layout instead
barred.py   tables with level rules alone: headers between the first two
drawn.py    rows from the order in which cells are drawn
lines.py    rows whose lines stand together between two rules
labels.py   labels that stand once for several rows
figures.py  whether a cell holds a figure
unruled.py  tables without rules, from the gaps between words

But: what flows on in columns is told from a table in `ingest.convert.pdf.order`.
"""
