"""A run as JUnit XML: one test case for each case, so that a CI server lists what broke.

With a baseline, a case that failed there too is skipped as a known failure; without one it is a failure.
Each broad drop that the gate finds is a test case of its own.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from eval.cases import CaseSet
from eval.metrics.registry import metric
from eval.report.text import case_lines
from eval.runs import Comparison, Run
from vectorstore.types import Document

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(run: Run, case_set: CaseSet, document: Document, comparison: Comparison | None) -> str:
    """The XML text."""
    before = {result.id: result for result in comparison.baseline.results} if comparison else {}
    broken = {found.id: found.reason for found in comparison.breaks} if comparison else {}
    suite = Element("testsuite", name=f"attest eval {run.set_name}")
    failures = skipped = 0
    for case, result in zip(case_set.cases, run.results, strict=True):
        item = SubElement(suite, "testcase", classname=_clean(f"{run.set_name}.{case.kind}"), name=_clean(case.id))
        earlier = before.get(case.id)
        if case.id not in broken and (result.passed or (earlier is not None and not earlier.passed)):
            if not result.passed:
                skipped += 1
                SubElement(item, "skipped", message="known failure in the baseline")
            continue
        failures += 1
        reason = broken.get(case.id) or ", ".join(metric(name).label for name in result.failed)
        text = "\n".join(case_lines(result, case, document, before=earlier))
        SubElement(item, "failure", message=_clean(reason)).text = _clean(text)
    for drop in comparison.drops if comparison else ():
        failures += 1
        item = SubElement(suite, "testcase", classname=f"{run.set_name}.gate", name=drop.metric)
        text = (
            f"{drop.before:.3f} -> {drop.after:.3f}, p = {drop.p:.4f}, n = {drop.n}; worse in {', '.join(drop.worse)}"
        )
        SubElement(item, "failure", message=f"{metric(drop.metric).label} dropped").text = _clean(text)
    suite.set("tests", str(len(suite)))
    suite.set("failures", str(failures))
    suite.set("skipped", str(skipped))
    suite.set("errors", "0")
    indent(suite)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(suite, encoding="unicode") + "\n"


def _clean(text: str) -> str:
    """Without the characters that XML 1.0 has no way to write."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
