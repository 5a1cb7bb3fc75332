"""How the C library hands memory out."""

import ctypes
import sys

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # glibc's malloc.h
_LARGEST = 1 << 30


def keep_freed_memory() -> bool:
    """Let this process keep the memory of freed tensors, up to 1 GiB each, for the next ones; True where it can.

    By default glibc gives every large tensor back to the system when it is freed and gets it again, page by page and
    zeroed, for the next: half of a training step on a virtual machine. Linux with glibc only; elsewhere nothing
    happens. It is for whole programs, such as the command line: the process keeps what it once needed.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # another C library, such as musl
        return False
    return bool(mallopt(_MMAP_THRESHOLD, _LARGEST)) and bool(mallopt(_TRIM_THRESHOLD, 2**31 - 1))
