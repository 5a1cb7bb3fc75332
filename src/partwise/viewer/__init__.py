"""A segmentation as one HTML file, to look at in any browser without a network."""

from partwise.viewer.data import view_data
from partwise.viewer.page import view_html, write_view

__all__ = ["view_data", "view_html", "write_view"]
