"""Blocks compressed with Snappy, in which TensorFlow 1.1 wrote the index of a checkpoint; later versions do not."""

from partwise.errors import InputError


def decompress(data: bytes) -> bytes:
    """The contents of one raw Snappy block; InputError where it is damaged.

    A block is the length of its contents (a varint) and elements: bytes as they are, or copies of what came before.
    """
    try:
        wanted, place = read_varint(data, 0)
        out = bytearray()
        while place < len(data):
            place = _add_element(data, place, out)
    except (IndexError, ValueError) as error:
        raise InputError("has a damaged Snappy block") from error
    if len(out) != wanted:
        raise InputError(f"has a Snappy block of {len(out)} bytes that says it has {wanted}")
    return bytes(out)


def read_varint(data: bytes, place: int) -> tuple[int, int]:
    """The number of seven bits a byte, lowest first, at ``place``, and the place behind it.

    IndexError past the end, or where it has more than 64 bits.
    """
    value = 0
    for shift in range(0, 64, 7):
        byte = data[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, place
    raise IndexError


def _add_element(data: bytes, place: int, out: bytearray) -> int:
    """Append the element at ``place`` to ``out``; returns the place behind it."""
    tag, place = data[place], place + 1
    kind = tag & 3
    if kind == 0:  # bytes as they are; from 60 on their number follows in 1 to 4 bytes
        more = max(0, (tag >> 2) - 59)
        length = (int.from_bytes(data[place:place + more], "little") if more else tag >> 2) + 1
        place += more
        if place + length > len(data):
            raise ValueError
        out += data[place:place + length]
        return place + length
    if kind == 1:
        length, offset, place = (tag >> 2 & 7) + 4, (tag >> 5) << 8 | data[place], place + 1
    else:
        width = 2 if kind == 2 else 4
        length, offset, place = (tag >> 2) + 1, int.from_bytes(data[place:place + width], "little"), place + width
    if not 0 < offset <= len(out):
        raise ValueError
    for _ in range(length):  # byte by byte, since a copy may run into what it writes
        out.append(out[-offset])
    return place
