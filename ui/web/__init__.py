"""The page: what is shown, and what happens when something is asked or added."""
