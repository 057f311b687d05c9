"""junit.xml: a suite for each boot or implementation, a test case for each of its cases, with requirement and reason.

A wrong answer is a failure; what came to no answer, and an adapter that crashes, hangs or talks nonsense, an error.
What was foreseen, was not adopted, or is promised by no text is a skip that says so. Names are the same in each run, so
that a server can tell the history of a case.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from harness.outcome_word import OPEN
from harness.page.legible import legible
from harness.report.digest import Case, Digest, Subject

ADAPTER_FAILURES = ("crash", "hang", "nonsense")
PASSED_OVER = ("skip", "unsupported", "observed")
UNKNOWN = "0"  # of one case no time is known, only of all: CI servers ask for the attribute


def render(digest: Digest) -> str:
    root = Element("testsuites", name="notifyspec")
    for subject in digest.subjects.values():
        _suite(root, subject, digest)
    for kind, name, reason in digest.left:
        suite = SubElement(root, "testsuite", name=legible(name), time=UNKNOWN)
        if kind == "skipped":
            _skip(_case(suite, "run"), reason)
        else:
            _trouble(_case(suite, "run"), "error", kind, reason)
    for suite in root:
        _count(suite)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _suite(root: Element, subject: Subject, digest: Digest) -> None:
    suite = SubElement(root, "testsuite", name=legible(subject.name), time=f"{subject.seconds:.3f}")
    for case in subject.cases.values():
        _tell(_case(suite, case.id), case, digest)
    # Of boots, what kept one from its end; of implementations, what is not true of their expectations.
    kind = ("error", "not played") if digest.kind == "boots" else ("failure", "expectations")
    for trouble in subject.troubles:
        _trouble(_case(suite, kind[1]), *kind, trouble)
    if subject.hung:
        _trouble(
            _case(suite, "hung"), "failure", "hung", "it showed no READY=1, or no end, before the deadline"
        )


def _tell(element: Element, case: Case, digest: Digest) -> None:
    if case.foreseen:
        _skip(element, f"expected {case.word}: {case.foreseen}")
    elif case.is_news:
        _skip(element, f"newer than suite.lock: {case.word}: {case.seen}")
    elif case.word == "fail":
        _trouble(element, "failure", case.word, case.seen, _told(case, digest))
    elif case.word in (*ADAPTER_FAILURES, *OPEN):
        _trouble(element, "error", case.word, f"{case.word}: {case.seen}", _told(case, digest))
    elif case.word == "observed":
        _skip(element, f"merely observed, no text promises it: {case.seen}")
    elif case.word in PASSED_OVER:
        _skip(element, f"{case.word}: {case.seen}")
    elif case.word == "warn":
        SubElement(element, "system-out").text = "\n".join(["warning", *map(legible, _told(case, digest))])


def _told(case: Case, digest: Digest) -> list[str]:
    told = [f"requirement: {', '.join(case.requirements)}" + (f" ({case.level})" if case.level else "")]
    for name in case.requirements:
        if requirement := digest.requirements.get(name):
            told += [requirement.text, f"source: {requirement.source}"]
    told += [f"expected: {case.expected}", f"seen: {case.seen}"]
    return told + ([f"again: {case.again}"] if case.again else [])


def _trouble(case: Element, element: str, kind: str, message: str, told: Sequence[str] = ()) -> None:
    """XML has no place for what is hidden: it is shown by pictures."""
    text = "\n".join(map(legible, told)) or legible(message) or kind
    SubElement(case, element, type=kind, message=legible(message)).text = text


def _skip(case: Element, reason: str) -> None:
    SubElement(case, "skipped", message=legible(reason))


def _case(suite: Element, name: str) -> Element:
    return SubElement(suite, "testcase", classname=suite.get("name", ""), name=legible(name), time=UNKNOWN)


def _count(suite: Element) -> None:
    suite.set("tests", str(len(suite.findall("testcase"))))
    for name, child in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(name, str(len(suite.findall(f"testcase/{child}"))))
