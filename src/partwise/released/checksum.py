"""TensorFlow's masked CRC-32C, which guards records, tables and tensors alike."""

import google_crc32c

_MASK_DELTA = 0xA282EAD8


def masked_crc32c(data: bytes) -> int:
    """CRC-32C (Castagnoli) of the data, rotated right by 15 bits plus a constant, as TensorFlow stores it."""
    crc: int = google_crc32c.value(data)
    return ((crc >> 15 | crc << 17) + _MASK_DELTA) & 0xFFFFFFFF
