"""The directory of an index: where it lies, who owns it, and what happens when nothing can be written."""
