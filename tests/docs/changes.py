"""What tests change in the commands of the pages. Everything else runs as it stands on the page."""

NOT_RUN = {
    "pip install": "needs a package registry; CI installs before it tests",
    "make ": "CI runs make itself",
    "partwise view": "serves until Ctrl-C; tests/cli/test_view.py and tests/app run it",
    "python -m benchmarks.": "takes hours; tests/test_benchmarks.py and tests/test_real_shapes.py run it on little",
}
"""Commands that begin so are not run, and why; those of partwise are still parsed."""

_LITTLE = "--split train=8 val=4 test=4 --points 256"
_TRAIN_SHORTLY = ("--device cpu --iterations 2 --batch-size 2 --validate-every 2 --save-every 2 --n-point 200 "
                  "--network.depth 4 --network.channels 8 8 16 --network.resblocks 1 --network.head-channels 8 ")

INSTEAD = {
    "--split train=4000 val=400 test=400": _LITTLE,
    # 2,600 shapes of 10,000 points; tests/synth/test_benchmark.py writes and checks some of them
    "--benchmark --category": f"{_LITTLE} --category",
    "partwise train ": f"partwise train {_TRAIN_SHORTLY}",
    "--data ins_seg_h5 --train ": f"--data ins_seg_h5 --limit 2 --train {_TRAIN_SHORTLY}",
    "--limit 100": "--limit 2",
    "for category in Chair Table": "for category in Table",
    # the page shows two ways to write one folder
    "iter100000.ckpt --category Chair --out models/chair": "iter100000.ckpt --category Chair --out models/chair-again",
}
"""On the page -> in the test: the same commands on little data and with few steps."""

PYTHON_ELSEWHERE = {
    "export.md": "tests/onnx/test_page.py",
}
"""Pages whose Python takes arrays and networks of the reader's own, and the tests that run it with some."""

ELSEWHERE = {
    "your-own-parts.md": "tests/test_own_parts.py",
}
"""Pages between whose commands a person works by hand, and the tests that run them and do that work."""

NEEDS = {
    "formats.md": ("data", "runs"),
}
"""What a page takes from another page; all pages find the files that users bring."""
