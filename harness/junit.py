"""JUnit of implementations: a suite for each, a test case for each vector, with requirement, expected and seen.

A wrong answer is a failure, an adapter that crashes, hangs or talks nonsense an error; what was foreseen is a skip with
its reason, and an expectation that is not true a failure of its own. Decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from harness.expectations import GOOD, SKIPS, Grade, Result
from harness.graded import ADAPTER_FAILURES, Graded
from harness.page.legible import legible


def write(graded: Sequence[Graded], left: Mapping[str, Sequence[tuple[str, str]]]) -> str:
    """`left`: by kind (`skipped`, `faulty`, `broken`), names and reasons of what came to no outcome."""
    root = Element("testsuites", name="notifyspec")
    for each in graded:
        _suite(root, each)
    for kind, rows in left.items():
        for name, reason in rows:
            suite = SubElement(root, "testsuite", name=legible(name), time="0")
            if kind == "skipped":
                _skip(_case(suite, "adapter"), reason)
            else:
                _trouble(_case(suite, "adapter"), "error", kind, reason)
    for suite in root:
        _count(suite)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _suite(root: Element, each: Graded) -> None:
    suite = SubElement(root, "testsuite", name=legible(each.name), time=f"{each.seconds:.3f}")
    grades = {grade["vector"]: grade for grade in each.grades if "vector" in grade}
    for result in each.results:
        case = _case(suite, result.vector)
        if entry := each.account.foreseen.get(result.vector):
            _skip(case, f"expected {entry.outcome}: {entry.reason}")
        elif result.vector in each.advisory and result.word not in GOOD:
            _skip(case, f"newer than suite.lock: {result.word}: {result.seen}")
        else:
            _tell(case, result, grades[result.vector])
    for vector in each.unput:
        _trouble(_case(suite, vector), "error", "not put", "it was not put before this implementation")
    for trouble in each.account.troubles:
        _trouble(_case(suite, trouble), "failure", "expectations", f"expectations: {trouble}")


def _tell(case: Element, result: Result, grade: Grade) -> None:
    asked = ", ".join(result.requirements) + (f" ({grade['level']})" if "level" in grade else "")
    told = [f"requirement: {asked}", f"expected: {grade.get('expected', '')}", f"seen: {result.seen}"]
    if result.word == "fail":
        _trouble(case, "failure", result.word, result.seen, told)
    elif result.word in ADAPTER_FAILURES:
        _trouble(case, "error", result.word, f"{result.word}: {result.seen}", told)
    elif result.word in SKIPS:
        _skip(case, result.seen or grade.get("reason", ""))
    elif result.word == "warn":
        SubElement(case, "system-out").text = "\n".join(["warning", *map(legible, told)])


def _trouble(case: Element, element: str, kind: str, message: str, told: Sequence[str] = ()) -> None:
    """XML has no place for what is hidden: it is shown by pictures."""
    text = "\n".join(map(legible, told)) or legible(message) or kind
    SubElement(case, element, type=kind, message=legible(message)).text = text


def _skip(case: Element, reason: str) -> None:
    SubElement(case, "skipped", message=legible(reason))


def _case(suite: Element, name: str) -> Element:
    return SubElement(suite, "testcase", classname=suite.get("name", ""), name=legible(name), time="0")


def _count(suite: Element) -> None:
    suite.set("tests", str(len(suite.findall("testcase"))))
    for name, child in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(name, str(len(suite.findall(f"testcase/{child}"))))
