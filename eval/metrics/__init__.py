"""The metrics, one module a group; `registry` lists them.

Of cases: `retrieval`, `answer`, `citation`, `abstention`, `conversation`, `attribution`. Of benchmarks: `ranked`,
`chunking`.
"""
