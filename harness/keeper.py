"""Keeps a program and all that it starts together: whoever leaves its group or its parent is found, and ends with it.

usage: keeper.py PARENT COMMAND...

It is the subreaper of the command, so that orphans become its children; once the command ends, or the keeper is sent
SIGTERM or loses its PARENT (a pid), it kills until it has no child, and ends as the command did. Imports little: it is
started for each adapter.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36


def main() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    # Whoever started us may be killed outright: then we are told, and still clean up.
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(sys.argv[1]):
        return  # it was killed before we could ask
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT, signal.SIGCHLD})
    child = os.fork()
    if child == 0:
        _become(sys.argv[2:])
    # The conversation is the command's alone: its end must be seen.
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    ending = None
    while ending is None:
        got = signal.sigwait({signal.SIGTERM, signal.SIGINT, signal.SIGCHLD})
        ending = _reap(child)
        if got != signal.SIGCHLD:
            break
    while _kill_children():
        ended, status = os.waitpid(-1, 0)
        ending = status if ended == child else ending
    _end_like(ending)


def _become(command: list[str]) -> None:
    try:
        os.setsid()
        signal.pthread_sigmask(signal.SIG_SETMASK, set())
        # Python ignores it, and a program that is started would inherit that.
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        os.execvp(command[0], command)
    except OSError as failure:
        os.write(2, f"{command[0]}: {failure.strerror}\n".encode())
    os._exit(127)


def _reap(child: int) -> "int | None":
    """Collects who has ended; the status of the command, if it is among them."""
    ending = None
    while True:
        try:
            ended, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return ending
        if ended == 0:
            return ending
        ending = status if ended == child else ending


def _kill_children() -> bool:
    """Whether there were any. Their own children come to us as they die."""
    children = []
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat", "rb") as stat:
                parent = int(stat.read().rpartition(b")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        if parent == os.getpid():
            children.append(int(name))
    for pid in children:
        os.kill(pid, signal.SIGKILL)  # not reaped yet, so nobody else has the number
    return bool(children)


def _end_like(status: "int | None") -> None:
    if status is not None and os.WIFEXITED(status):
        os._exit(os.WEXITSTATUS(status))
    number = os.WTERMSIG(status) if status is not None else signal.SIGKILL
    if number != signal.SIGKILL:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, set())
    os.kill(os.getpid(), number)


if __name__ == "__main__":
    main()
