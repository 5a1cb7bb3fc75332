"""Run all benchmarks of speed and keep what they print.

Run: python -m benchmarks [--full] [--model MODEL] [--write FILE]
"""

import os
import platform
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import tyro

SCRIPTS = ("network", "presets", "mean_shift", "metrics", "segment", "startup", "onnx_runtime")
WITH_FULL = ("network", "mean_shift", "metrics", "segment")
NEEDS = {"onnx_runtime": ("onnx", "onnxruntime", "onnxscript")}
"""What a script needs beyond partwise's own requirements: the extra ``onnx``."""
LIBRARIES = ("torch", "ocnn", "numba", "numpy", "scipy", "scikit-learn")


@dataclass(frozen=True)
class Settings:
    """Run all benchmarks of speed."""

    full: bool = False
    """Also measure how cost grows with points, parts, batch and depth."""
    model: str = "chair"
    """Trained model of chairs for the benchmark of segmentation."""
    write: Path | None = None
    """Markdown file for the machine, the versions and all tables."""


def machine() -> str:
    """Processor, memory, system and versions, in a line each."""
    processor, memory = platform.processor(), ""
    if sys.platform == "linux":
        processor = re.findall(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())[0]
        family = re.findall(r"cpu family\s*: (.*)", Path("/proc/cpuinfo").read_text())[0]
        memory = f", {os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB"
        processor = f"{processor} (family {family})"
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (f"{os.cpu_count()} cores of {processor}{memory}; {platform.system()}, Python "
            f"{platform.python_version()}; {libraries}")


def run(script: str, settings: Settings) -> str:
    """What one benchmark prints, or why it cannot run."""
    missing = [name for name in NEEDS.get(script, ()) if find_spec(name) is None]
    if missing:
        return f"{script}: not measured, for want of {', '.join(missing)}; pip install 'partwise[onnx]'"
    command = [sys.executable, "-m", f"benchmarks.{script}"]
    command += ["--full"] if settings.full and script in WITH_FULL else []
    command += ["--model", settings.model] if script == "segment" else []
    done = subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          env={**os.environ, "COLUMNS": "110"})
    return "\n".join(line.rstrip() for line in done.stdout.splitlines()).strip()


def main(settings: Settings) -> None:
    start = time.perf_counter()
    pieces = [machine()]
    print(pieces[0], "\n", flush=True)
    for script in SCRIPTS:
        text = run(script, settings)
        print(text, "\n", flush=True)
        pieces.append(f"## {script}\n\n```\n{text}\n```")
    print(f"{(time.perf_counter() - start) / 60:.1f} minutes")
    if settings.write:
        settings.write.write_text("# How fast partwise is\n\n" + NOTE + "\n\n".join(pieces) + "\n")


NOTE = """Made by `make bench-full`. Ratios are of runs that took turns in one process on one machine, so that they hold
where seconds do not; each script's first lines say what is measured. What one reads here is in
[docs/speed.md](../docs/speed.md).

"""

if __name__ == "__main__":
    main(tyro.cli(Settings, description=__doc__))
