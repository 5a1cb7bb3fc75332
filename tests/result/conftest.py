"""The chairs of the viewer's tests, and a taxonomy of one's own for them."""

import pytest

from partwise.taxonomy import Taxonomy, own_taxonomy
from tests.viewer.conftest import chair, chair_cloud, found, found_in_cloud  # noqa: F401


@pytest.fixture(scope="session")
def office() -> Taxonomy:
    """Two levels; arms and what is below the seat have no name."""
    return own_taxonomy("OfficeChair", {"sitting": {"seat": {}, "back": {}}, "support": {"leg": {}}},
                        {"chair/chair_seat": "sitting/seat", "chair/chair_back": "sitting/back",
                         "chair/chair_base": "support", "chair/chair_base/regular_leg_base/leg": "support/leg"})
