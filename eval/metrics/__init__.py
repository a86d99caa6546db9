"""The metrics, one module a group; `registry` lists them.

    retrieval  answer  citation  abstention  conversation  attribution        of cases
    ranked  chunking                                                          of benchmarks

But: each measures one case, or the cases together; averages, intervals and comparisons are made elsewhere.
"""
