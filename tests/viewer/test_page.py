"""The page: whole, safe and small."""

import json
import re
import shutil
import subprocess
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest

from partwise.viewer import view_data, view_html, write_view

ROOT = Path(__file__).parents[2]
UGLY = "</script><img src=x onerror=alert(1)><!--<script>{title}&amp;\u2028'\""


class Elements(HTMLParser):
    """What a browser makes of a page: tags, and the text in each script and title."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.texts = [], []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)

    def handle_data(self, data):
        if data.strip() and self.tags and self.tags[-1] in ("script", "title"):
            self.texts.append(data)


def ugly(found):
    levels = tuple(replace(level, parts=tuple(replace(part, class_name=UGLY) for part in level.parts))
                   for level in found.levels)
    return replace(found, levels=levels)


def test_no_text_becomes_markup(found):
    plain, page = Elements(view_html(found, "a")), Elements(view_html(ugly(found), UGLY))
    assert page.tags == plain.tags
    assert "img" not in page.tags
    title, data, script = page.texts
    assert title == UGLY
    assert json.loads(data) == json.loads(json.dumps(view_data(ugly(found), UGLY)))
    assert script.endswith("openPage();")


def test_the_policy_allows_the_one_script_and_no_network(found):
    page = view_html(found, "a")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
    script = Elements(page).texts[-1]
    assert f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" in policy
    assert policy.startswith("default-src 'none'")
    assert "http" not in policy


def test_the_file_is_the_page(found, tmp_path):
    write_view(tmp_path / "view.html", found, "a")
    assert (tmp_path / "view.html").read_bytes().decode() == view_html(found, "a")
    assert [path.name for path in tmp_path.iterdir()] == ["view.html"]


def test_the_asset_is_small_and_has_the_licence_of_threejs():
    asset = (ROOT / "src/partwise/viewer/assets/viewer.js").read_text()
    assert len(asset.encode()) < 800_000
    assert "</script" not in asset.lower()
    assert "Permission is hereby granted, free of charge" in asset
    assert "three.js authors" in asset


def test_the_asset_is_what_the_sources_build_to():
    if not shutil.which("node") or not (ROOT / "viewer/node_modules/esbuild").is_dir():
        pytest.skip("needs Node.js and what `make viewer` installs")
    done = subprocess.run(["node", "build.js", "--check"], cwd=ROOT / "viewer", capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_lock_names_no_address():
    text = (ROOT / "viewer/package-lock.json").read_text()
    assert "http" not in text
    assert '"resolved"' not in text
