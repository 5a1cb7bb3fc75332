import subprocess
import sys

import pytest

from partwise.nn.memory import keep_freed_memory

FAULTS = """
import resource, sys
import torch
from partwise.nn.memory import keep_freed_memory
if sys.argv[1] == "keep":
    assert keep_freed_memory()
def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for turn in range(4):
    before = faults()
    for _ in range(5):
        torch.ones(16, 1 << 20)
    found = faults() - before
print(found)
"""


def faults(mode: str) -> int:
    done = subprocess.run([sys.executable, "-c", FAULTS, mode], capture_output=True, text=True, check=True)
    return int(done.stdout)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have other allocators")
def test_large_tensors_find_their_memory_again():
    if not keep_freed_memory():
        pytest.skip("this C library cannot be told")
    # five tensors of 64 MiB: without it each is got anew, in pages of at most 2 MiB
    assert faults("keep") < 100 < faults("default")
