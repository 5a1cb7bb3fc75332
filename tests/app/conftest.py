"""The chairs of the viewer's tests."""

from tests.viewer.conftest import chair, chair_cloud, found, found_in_cloud  # noqa: F401
