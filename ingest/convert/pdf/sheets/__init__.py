"""Parts of a page as PDFium gives them.

frames.py    coordinates, of pages turned or cropped
shapes.py    rules, and what remarks strike out
forms.py     what is filled into the fields of a form; labels.py says what the fields are called
xfa.py       the forms that are in the file as XML, in the place of pages
sideways.py  lines and tables that are written sideways
scans.py     pictures that lie on their side
unseen.py    words that nobody sees
"""
