"""The page: data, viewer and a start in one HTML file."""

import json
from base64 import b64encode
from hashlib import sha256
from html import escape
from importlib import resources
from pathlib import Path

from partwise.files import replacing
from partwise.result.segmentation import Segmentation
from partwise.viewer.data import view_data

_POLICY = "default-src 'none'; img-src data: blob:; style-src 'unsafe-inline'; script-src 'sha256-{checksum}'"
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{title}</title>
<link rel="icon" href="data:,">
<style>html, body, #view {{ height: 100%; margin: 0; }} body {{ font: 16px/1.5 system-ui, sans-serif; }}</style>
</head>
<body>
<div id="view"><noscript>To show this shape, the browser has to run JavaScript; it is switched off.</noscript></div>
<script type="application/json" id="data">{data}</script>
<script>{script}</script>
</body>
</html>
"""


def view_html(found: Segmentation, title: str) -> str:
    """One HTML file that shows a segmentation: all its faces or points and the parts of all levels.

    It needs nothing but a browser, and its content security policy forbids it any network and any other script.
    title : shown in the page, such as the name of the input file; any text is safe

    What is shown of more than two million faces or points: see ``view_data``.
    """
    script = viewer_script() + "\nPartwiseViewer.openPage();"
    checksum = b64encode(sha256(script.encode()).digest()).decode("ascii")
    data = json.dumps(view_data(found, title), allow_nan=False, separators=(",", ":"))
    # "<" could end the script element early, or open a comment in it
    return _PAGE.format(title=escape(title), policy=_POLICY.format(checksum=checksum),
                        data=data.replace("<", "\\u003c"), script=script)


def write_view(path: Path, found: Segmentation, title: str) -> None:
    """Write ``view_html`` to a file, which is either whole or as it was before."""
    with replacing(path) as temporary:
        temporary.write_text(view_html(found, title), encoding="utf-8", newline="\n")


def viewer_script() -> str:
    """The bundle that defines ``PartwiseViewer``, for pages that embed the viewer."""
    return resources.files(__package__).joinpath("assets/viewer.js").read_text(encoding="utf-8")
