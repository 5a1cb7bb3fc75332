"""Pictures of meshes and point clouds, drawn without a screen or graphics driver."""

from partwise.render.gallery import gallery
from partwise.render.picture import draw
from partwise.render.scene import ColouredMesh, ColouredPoints, Item, View
from partwise.render.sheet import check_png, contact_sheet, save_png
from partwise.render.source import read_item, result_items, result_levels

__all__ = ["ColouredMesh", "ColouredPoints", "Item", "View", "check_png", "contact_sheet", "draw", "gallery",
           "read_item", "result_items", "result_levels", "save_png"]
