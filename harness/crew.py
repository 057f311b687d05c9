"""Several jobs at once, each in a process of its own, forked from this one: each can be told to end, and cleans up.

What a job returns, or raises, comes back to whoever started it. Whoever is asked to end asks all others first.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Generic, TypeVar

from harness.keeper import PR_SET_PDEATHSIG
from harness.termination import Terminated, terminable

ASK_AGAIN_S = 0.5
Job = TypeVar("Job")
Answer = TypeVar("Answer")


class JobDied(Exception):
    """Its process ended without a word: killed, or out of memory. Ours."""


@dataclass
class Running(Generic[Job]):
    job: Job
    process: BaseProcess
    answer: Connection


def run(
    jobs: Sequence[Job], work: Callable[[Job], Answer], at_once: int
) -> Iterator[tuple[Job, Answer | BaseException]]:
    """Each job with what came of it, as they end; one after the other in this process where `at_once` is 1."""
    if at_once == 1:
        for job in jobs:
            yield job, _answer(work, job)
        return
    left = list(jobs)
    crew: list[Running[Job]] = []
    try:
        while left or crew:
            while left and len(crew) < at_once:
                crew.append(_begin(left.pop(0), work))
            ready = wait([each.answer for each in crew])
            for each in [each for each in crew if each.answer in ready]:
                crew.remove(each)
                yield each.job, _end(each)
    finally:
        _end_all([each.process for each in crew])


def _end_all(processes: Sequence[BaseProcess]) -> None:
    """Python hears a signal that comes just before a call that waits only when another one interrupts that call."""
    left = list(processes)
    while left:
        for process in left:
            process.terminate()
        wait([process.sentinel for process in left], timeout=ASK_AGAIN_S)
        left = [process for process in left if process.is_alive()]


def _answer(work: Callable[[Job], Answer], job: Job) -> Answer | BaseException:
    try:
        return work(job)
    except Exception as failure:  # whoever asked for it knows which of them are to be borne
        return failure


def _begin(job: Job, work: Callable[[Job], Answer]) -> Running[Job]:
    fork = multiprocessing.get_context("fork")
    ours, theirs = fork.Pipe(duplex=False)
    process = fork.Process(target=_work, args=(work, job, theirs, os.getpid()), daemon=True)
    process.start()
    theirs.close()
    return Running(job, process, ours)


def _work(work: Callable[[Job], Answer], job: Job, answer: Connection, parent: int) -> None:
    # Who started us may be killed outright: then we are told, and still clean up.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        return
    # Ctrl-C reaches all of us; who started us tells us then, and once is enough.
    signal.signal(signal.SIGINT, lambda *_: None)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with suppress(Terminated), terminable():
        answer.send(_answer(work, job))


def _end(running: Running[Job]) -> object:
    try:
        found = running.answer.recv()
    except EOFError:
        running.process.join()
        found = JobDied(f"its process ended with {running.process.exitcode}, and without a word")
    running.answer.close()
    running.process.join()
    return found
