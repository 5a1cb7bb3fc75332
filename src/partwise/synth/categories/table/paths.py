"""Where the pieces of tables are in PartNet's tree."""

from partwise.synth.joinery.cabinets import places
from partwise.synth.parts import part_path, paths_below

_path = paths_below("Table", "table/regular_table")

TABLE = part_path("Table", "table/regular_table")
SURFACE = _path("tabletop/tabletop_surface")
BOARD = _path("tabletop/tabletop_surface/board")
GLASS = _path("tabletop/tabletop_surface/glass")
BAR = _path("tabletop/tabletop_surface/bar")
DROPLEAF = _path("tabletop/tabletop_dropleaf")
FRAME_BAR = _path("tabletop/tabletop_frame/bar")
BASE = _path("table_base")

LEG_BASE = _path("table_base/regular_leg_base")
LEG = _path("table_base/regular_leg_base/leg")
STRETCHER = _path("table_base/regular_leg_base/bar_stretcher")
RING = _path("table_base/regular_leg_base/circular_stretcher")
RUNNER = _path("table_base/regular_leg_base/runner")
FOOT = _path("table_base/regular_leg_base/foot")
CONNECTOR = _path("table_base/regular_leg_base/tabletop_connector")
CASTER = _path("table_base/regular_leg_base/caster")
CASTER_STEM = _path("table_base/regular_leg_base/caster/caster_stem")
WHEEL = _path("table_base/regular_leg_base/caster/wheel")

STAR = _path("table_base/star_leg_base")
STAR_LEG = _path("table_base/star_leg_base/star_leg_set/leg")
STAR_COLUMN = _path("table_base/star_leg_base/central_support")

PEDESTAL = _path("table_base/pedestal_base/pedestal")
COLUMN = _path("table_base/pedestal_base/central_support")
COLUMN_TOP = _path("table_base/pedestal_base/tabletop_connector")

DRAWER_BASE = _path("table_base/drawer_base")
AT = places("Table", DRAWER_BASE, DRAWER_BASE)
CABINET_LEG = _path("table_base/drawer_base/leg")
CABINET_FOOT = _path("table_base/drawer_base/foot")
CABINET_STRETCHER = _path("table_base/drawer_base/bar_stretcher")
CABINET_CONNECTOR = _path("table_base/drawer_base/tabletop_connector")
CABINET_CASTER = _path("table_base/drawer_base/caster")
CABINET_CASTER_STEM = _path("table_base/drawer_base/caster/caster_stem")
CABINET_WHEEL = _path("table_base/drawer_base/caster/wheel")
TRAY = _path("table_base/drawer_base/keyboard_tray")
TRAY_SURFACE = _path("table_base/drawer_base/keyboard_tray/keyboard_tray_surface")
