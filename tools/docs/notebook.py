"""The notebook as a page."""

import base64

from nbconvert import MarkdownExporter


def notebook_page(path: str) -> str:
    """Markdown of a notebook with its output; pictures are within."""
    text, resources = MarkdownExporter().from_filename(path)
    for name, data in resources["outputs"].items():
        text = text.replace(f"({name})", f"(data:image/png;base64,{base64.b64encode(data).decode()})")
    text = text.replace("![png]", "![What the code above draws]")
    return f"{text}\n*This page is the notebook `{path}`: open it in Jupyter to try it.*\n"
