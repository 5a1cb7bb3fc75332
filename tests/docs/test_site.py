"""The documentation as a site: it builds without a warning, shows every command, and loads nothing from elsewhere."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

pytest.importorskip("mkdocs")
pytest.importorskip("mkdocstrings")

from mkdocs.commands.build import build
from mkdocs.config import load_config
from tools.docs.commands import command_section, groups_of, help_of
from tools.docs.docstrings import with_lists

from tests.docs.pages import ROOT

COMMANDS = re.findall(r"<!-- command: (.+?) -->", (ROOT / "docs/command-line.md").read_text())
LOADED = {"link": "href", "script": "src", "img": "src", "iframe": "src", "source": "src", "object": "data"}


class Resources(HTMLParser):
    """Collects the addresses from which a page loads something."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.found += [value or "" for name, value in attributes if LOADED.get(tag) == name]


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        build(load_config("mkdocs.yml", site_dir=str(folder), strict=True))
    return folder


@pytest.mark.slow
def test_nothing_is_loaded_from_elsewhere(site):
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 30
    loaded = {address for page in pages for address in Resources(page.read_text()).found}
    assert len(loaded) > 10
    assert [address for address in loaded if re.match("(https?:)?//", address)] == []
    styles = "".join(path.read_text() for path in site.rglob("*.css"))
    assert re.findall(r"(?:url\(\s*[\"']?|@import\s+[\"'])(?:https?:)?//", styles) == []


@pytest.mark.slow
def test_pages_show_what_the_site_adds(site):
    names = ("command-line", "python-api", "concepts", "notebook")
    text = {name: (site / f"{name}.html").read_text() for name in names}
    assert text["command-line"].count("--network.region-centres") == 2  # of train, and of benchmark, which trains
    assert "<!-- command:" not in text["command-line"]
    assert "doc-class" in text["python-api"]
    assert text["concepts"].count("<math ") == 2
    assert "data:image/png;base64," in text["notebook"]
    assert (site / "source/src/partwise/nn/fusion.py.html").is_file()


def test_every_command_is_on_the_page():
    def names(command: str) -> list[str]:
        listed = re.search(r"usage: [\w ]+ \[-h\] \{([a-z,]+)\}", help_of(command))
        return listed[1].split(",") if listed else []

    wanted = [" ".join([name, *below]) for name in names("")
              for below in ([[one] for one in names(name)] or [[]])]
    assert sorted(COMMANDS) == sorted(wanted)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_of_a_command_is_in_its_table(command):
    wanted = set(re.findall(r"^ {2,3}(-{2}[a-z][\w.-]*)", help_of(command), re.M))
    shown = {name for group in groups_of(help_of(command)) for one in group.options
             for name in re.findall(r"--[a-z][\w.-]*", one.name)}
    assert wanted <= shown
    section = command_section(command)
    assert [name for name in shown - {"--help"} if f"`{name}" not in section] == []
    assert "(default:" not in section


def test_an_unknown_command_is_an_error():
    with pytest.raises(ValueError, match="no command 'partwise nothing'"):
        command_section("nothing")


def test_lists_of_names_become_lists():
    text = "What it does.\n\nfirst, second : (N, 3) points; some\n    more\nthird : a; fourth : b\nReturns nothing."
    assert with_lists(text) == ("What it does.\n\n\n- `first`, `second`: (N, 3) points; some\n    more\n"
                                "- `third`: a\n- `fourth`: b\n\nReturns nothing.")
