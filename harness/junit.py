"""JUnit of implementations: a suite for each, a test case for each vector, with requirement, expected and seen.

A wrong answer is a failure, an adapter that crashes, hangs or talks nonsense an error; what was foreseen is a skip with
its reason, and an expectation that is not true a failure of its own. Decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from harness.expectations import Grade, Result
from harness.graded import ADAPTER_FAILURES, Graded

SKIPS = ("skip", "unsupported")


def write(graded: Sequence[Graded], left: Mapping[str, Sequence[tuple[str, str]]]) -> str:
    """`left`: by kind (`skipped`, `faulty`, `broken`), names and reasons of what came to no outcome."""
    root = Element("testsuites", name="notifyspec")
    for each in graded:
        _suite(root, each)
    for kind, rows in left.items():
        for name, reason in rows:
            suite = SubElement(root, "testsuite", name=name, time="0")
            SubElement(_case(suite, "adapter"), "skipped" if kind == "skipped" else "error", message=reason)
    for suite in root:
        _count(suite)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _suite(root: Element, each: Graded) -> None:
    suite = SubElement(root, "testsuite", name=each.name, time=f"{each.seconds:.3f}")
    grades = {grade["vector"]: grade for grade in each.grades if "vector" in grade}
    for result in each.results:
        case = _case(suite, result.vector)
        if entry := each.account.foreseen.get(result.vector):
            SubElement(case, "skipped", message=f"expected {entry.outcome}: {entry.reason}")
        else:
            _tell(case, result, grades[result.vector])
    for vector in each.unput:
        SubElement(_case(suite, vector), "error", message="it was not put before this implementation")
    for trouble in each.account.troubles:
        SubElement(_case(suite, trouble), "failure", message=f"expectations: {trouble}")


def _tell(case: Element, result: Result, grade: Grade) -> None:
    told = f"requirements: {', '.join(result.requirements)}\nexpected: {grade.get('expected', '')}\nseen: {result.seen}"
    if result.word == "fail":
        SubElement(case, "failure", message=result.seen).text = told
    elif result.word in ADAPTER_FAILURES:
        SubElement(case, "error", type=result.word, message=f"{result.word}: {result.seen}").text = told
    elif result.word in SKIPS:
        SubElement(case, "skipped", message=result.seen or grade.get("reason", ""))
    elif result.word == "warn":
        SubElement(case, "system-out").text = f"warning\n{told}"


def _case(suite: Element, name: str) -> Element:
    return SubElement(suite, "testcase", classname=suite.get("name", ""), name=name, time="0")


def _count(suite: Element) -> None:
    suite.set("tests", str(len(suite.findall("testcase"))))
    for name, child in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(name, str(len(suite.findall(f"testcase/{child}"))))
