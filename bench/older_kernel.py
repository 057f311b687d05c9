"""A command as on a kernel before 6.5: SO_PASSPIDFD is no option. For tests; x86-64 alone.

usage: python3 -m bench.older_kernel COMMAND [ARGUMENT...]
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import sys

SETSOCKOPT, PASS_PIDFD = 54, 76
NO_NEW_PRIVS, SET_SECCOMP, MODE_FILTER = 38, 22, 2  # prctl(2)
ALLOW, ERRNO = 0x7FFF0000, 0x00050000  # seccomp(2)
LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06  # bpf_common.h: BPF_LD | BPF_W | BPF_ABS and so on
NUMBER_AT, OPTION_AT = 0, 16 + 2 * 8  # of struct seccomp_data
RULES = (
    (LOAD, 0, 0, NUMBER_AT),
    (EQUAL, 0, 3, SETSOCKOPT),
    (LOAD, 0, 0, OPTION_AT),
    (EQUAL, 0, 1, PASS_PIDFD),
    (RETURN, 0, 0, ERRNO | errno.ENOPROTOOPT),
    (RETURN, 0, 0, ALLOW),
)


def main(command: list[str]) -> None:
    rules = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *each) for each in RULES))
    program = struct.pack("@HP", len(RULES), ctypes.addressof(rules))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(SET_SECCOMP, MODE_FILTER, program, 0, 0):
        raise OSError(ctypes.get_errno(), "seccomp")
    os.execvp(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1:])
