import numpy as np
import pytest

from partwise.released.checksum import masked_crc32c
from tests.released.files import crc32c, masked


@pytest.mark.parametrize(("data", "crc"), [  # RFC 3720, appendix B.4
    (bytes(32), 0x8A9136AA), (b"\xff" * 32, 0x62A8AB43), (bytes(range(32)), 0x46DD794E), (b"", 0)])
def test_published_vectors(data, crc):
    assert crc32c(data) == crc
    assert masked_crc32c(data) == ((crc >> 15 | crc << 17 & 0xFFFFFFFF) + 0xA282EAD8) % 2**32


def test_against_the_definition():
    random = np.random.default_rng(0)
    for size in (1, 7, 8, 9, 4096):
        data = random.bytes(size)
        assert masked_crc32c(data) == masked(data)
