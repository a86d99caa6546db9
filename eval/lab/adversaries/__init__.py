"""Language models that lie, fail or tell the truth, on loopback: what is shown of them as supported."""
