"""Where the pieces of storage furniture are in PartNet's tree."""

from partwise.synth.joinery.cabinets import places
from partwise.synth.parts import part_path, paths_below

_path = paths_below("StorageFurniture", "storage_furniture/cabinet")

CABINET = part_path("StorageFurniture", "storage_furniture/cabinet")
AT = places("StorageFurniture", f"{CABINET}/cabinet_frame", CABINET)
FRAME = _path("cabinet_frame")
TOP = _path("cabinet_frame/top_panel")
VERTICAL_BAR = _path("cabinet_frame/frame_vertical_bar")
HORIZONTAL_BAR = _path("cabinet_frame/frame_horizontal_bar")
COUNTERTOP = _path("countertop")
BASE_SIDE = _path("cabinet_base/panel_base/base_side_panel")
BASE_BOTTOM = _path("cabinet_base/panel_base/bottom_panel")
FOOT = _path("cabinet_base/foot_base/foot")
CASTER = _path("cabinet_base/foot_base/caster")
WHEEL = _path("cabinet_base/foot_base/caster/wheel")
CASTER_STEM = _path("cabinet_base/foot_base/caster/caster_stem")
HINGE = _path("cabinet_door/hinge")
MIRROR_FRAME = _path("mirror/mirror_frame")
MIRROR_SURFACE = _path("mirror/mirror_surface")
