"""Texts to vectors: what an embedder is, the default model, and the network files made from it."""
