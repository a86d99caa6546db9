"""The metrics, one module a group; each ends with the declarations of its metrics.

Of cases: `retrieval`, `answer`, `citation` (with `support`), `abstention`, `conversation`, `attribution`. Of
benchmarks: `ranked`, `chunking`. `metric` is what a declaration holds, `registry` all of them in order.
"""
