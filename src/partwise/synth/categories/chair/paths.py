"""PartNet's part paths of chairs, checked at import."""

from partwise.synth.parts import part_path, paths_below

_path = paths_below("Chair", "chair")

CHAIR = part_path("Chair", "chair")

HEAD = _path("chair_head")
HEADREST = _path("chair_head/headrest")
HEAD_CONNECTOR = _path("chair_head/head_connector")

BACK_SURFACE = _path("chair_back/back_surface")
BACK_PANEL = _path("chair_back/back_surface/back_single_surface")
BACK_SPINDLE = _path("chair_back/back_surface/back_surface_vertical_bar")
BACK_SLAT = _path("chair_back/back_surface/back_surface_horizontal_bar")
BACK_POST = _path("chair_back/back_frame/back_frame_vertical_bar")
BACK_RAIL = _path("chair_back/back_frame/back_frame_horizontal_bar")
BACK_HOOP = _path("chair_back/back_frame/back_holistic_frame")
BACK_CONNECTOR = _path("chair_back/back_connector")
BACK_SUPPORT = _path("chair_back/back_support")

ARM = _path("chair_arm")
ARM_SOFA = _path("chair_arm/arm_sofa_style")
ARM_BAR = _path("chair_arm/arm_horizontal_bar")
ARM_POST = _path("chair_arm/arm_near_vertical_bar")
ARM_TABLE = _path("chair_arm/arm_writing_table")
ARM_FRAME = _path("chair_arm/arm_holistic_frame")
ARM_CONNECTOR = _path("chair_arm/arm_connector")

SEAT_PANEL = _path("chair_seat/seat_surface/seat_single_surface")
SEAT_BAR = _path("chair_seat/seat_surface/seat_surface_bar")
SEAT_FRAME = _path("chair_seat/seat_frame/seat_holistic_frame")
SEAT_FRAME_BAR = _path("chair_seat/seat_frame/seat_frame_bar")
SEAT_SUPPORT = _path("chair_seat/seat_support")

BASE = _path("chair_base")
LEG = _path("chair_base/regular_leg_base/leg")
FOOT = _path("chair_base/regular_leg_base/foot")
RUNNER = _path("chair_base/regular_leg_base/runner")
STRETCHER = _path("chair_base/regular_leg_base/bar_stretcher")
ROCKER = _path("chair_base/regular_leg_base/rocker")
SOFA_FOOT = _path("chair_base/foot_base/foot")
PEDESTAL = _path("chair_base/pedestal_base/pedestal")
PEDESTAL_COLUMN = _path("chair_base/pedestal_base/central_support")
STAR_LEG = _path("chair_base/star_leg_base/star_leg_set/leg")
CASTER = _path("chair_base/star_leg_base/star_leg_set/caster")
WHEEL = _path("chair_base/star_leg_base/star_leg_set/caster/wheel")
CASTER_STEM = _path("chair_base/star_leg_base/star_leg_set/caster/caster_stem")
STAR_COLUMN = _path("chair_base/star_leg_base/central_support")
KNOB = _path("chair_base/star_leg_base/mechanical_control/knob")
LEVER = _path("chair_base/star_leg_base/mechanical_control/lever")

FOOTREST = _path("footrest")
FOOTREST_BASE = _path("footrest/chair_base")
FOOTREST_SUPPORT = _path("footrest/chair_seat/seat_support")
FOOTREST_SURFACE = _path("footrest/chair_seat/seat_surface")
