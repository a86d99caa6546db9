"""The page: what is shown, and what happens when something is asked or added.

But: who may reach it, and how requests are checked, is in `ui.web.server`.
"""
