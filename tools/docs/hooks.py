"""What MkDocs does beside its own: options of commands, formulas, pages of source files and of the notebook."""

import re
from typing import Any

from latex2mathml.converter import convert
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from tools.docs.commands import command_section
from tools.docs.notebook import notebook_page
from tools.docs.sources import NOTEBOOK, linked_sources, source_page, to_source_pages


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are made from files outside docs/."""
    pages = [file for file in files if file.is_documentation_page()]
    made = {"notebook.md": notebook_page(NOTEBOOK)}
    made |= {f"source/{path}.md": source_page(path)
             for path in sorted({path for file in pages for path in linked_sources(file.content_string)})}
    for name, text in made.items():
        files.append(File.generated(config, name, content=text))
    return files


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    """Put in what only the site has: options of a command that a page names, formulas as MathML, links to sources."""
    markdown = re.sub(r"<!-- command: (.+?) -->", lambda found: command_section(found[1]), markdown)
    markdown = re.sub(r"^```math\n(.+?)\n```$", lambda found: formula(found[1]), markdown, flags=re.S | re.M)
    return markdown if page.file.src_uri.startswith("source/") else to_source_pages(markdown)


def formula(text: str) -> str:
    """A formula in TeX as MathML, which browsers draw by themselves."""
    return f'<div class="formula">{convert(text, display="block")}</div>'
