"""Makes the released program's files byte by byte, independently of the package: records, tables, checkpoints."""

import struct
from itertools import pairwise
from pathlib import Path

import numpy as np

from partwise.shape import Shape
from partwise.taxonomy import Taxonomy

TABLE_MAGIC = 0xDB4775248B80FB57
CLOUD = 40


def crc32c(data: bytes) -> int:
    """CRC-32C bit by bit, by its definition."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def masked(data: bytes) -> int:
    crc = crc32c(data)
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) % 2**32


def varint(number: int) -> bytes:
    """Seven bits a byte, lowest first; negative numbers as 64-bit two's complement."""
    number %= 2**64
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def field(number: int, value: bytes | int) -> bytes:
    """A protocol buffer field: length-delimited bytes or a varint."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def record_bytes(data: bytes) -> bytes:
    """One record of a TFRecord file."""
    length = len(data).to_bytes(8, "little")
    return length + masked(length).to_bytes(4, "little") + data + masked(data).to_bytes(4, "little")


def blob_bytes(points: np.ndarray, normals: np.ndarray, label: np.ndarray) -> bytes:
    """A points blob, its header number by number."""
    count = len(points)
    offsets = [88, 88 + 12 * count, 88 + 24 * count, 88 + 24 * count, 88 + 28 * count, 0, 0, 0]
    header = struct.pack("<16s18i", b"_POINTS_1.0_", count, 11, 3, 3, 0, 1, 0, 0, 0, 0, *offsets)
    return header + b"".join(struct.pack(f"<{array.size}f", *array.ravel().tolist()) for array in
                             (points, normals, label))


def example_bytes(features: dict[str, bytes | list[int]]) -> bytes:
    """A tf.train.Example: a text of bytes, or packed whole numbers, by name."""
    entries = b""
    for name, value in features.items():
        if isinstance(value, bytes):
            feature = field(1, field(1, value))
        else:
            feature = field(3, field(1, b"".join(map(varint, value))))
        entries += field(1, field(1, name.encode()) + field(2, feature))
    return field(1, entries)


def cloud(taxonomy: Taxonomy, seed: int, count: int = CLOUD) -> Shape:
    """A random shape, with gaps in its instance ids and other points at every level."""
    random = np.random.default_rng(seed)
    semantic = np.stack([random.integers(0, classes, count) for classes in taxonomy.n_class])
    instance = np.where(semantic == 0, -1, random.choice([0, 3, 250, 32767], semantic.shape))
    normals = random.normal(size=(count, 3))
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    return Shape(random.normal(size=(count, 3)).astype(np.float32), normals.astype(np.float32),
                 semantic.astype(np.uint8), instance.astype(np.int16))


def features(shape: Shape, shape_index: int = 0, points_flag: int = 1) -> dict[str, bytes | list[int]]:
    """The features of a record, in no order that a program would choose."""
    labels = (shape.instance.astype(int) * 100 + shape.semantic).tolist()
    blob = blob_bytes(shape.points, shape.normals, np.array(labels[0]))
    return {"shape_index": [shape_index], "label_3": labels[2], "points_bytes": blob, "label_1": labels[0],
            "points_flag": [points_flag], "label_2": labels[1]}


def snappy_bytes(data: bytes) -> bytes:
    """A Snappy block of literals of at most 60 bytes, without copies."""
    pieces = [data[start:start + 60] for start in range(0, len(data), 60)]
    return varint(len(data)) + b"".join(bytes([len(piece) - 1 << 2]) + piece for piece in pieces)


def _block(entries: list[tuple[bytes, bytes]]) -> bytes:
    out, restarts, before = b"", [], b""
    for number, (key, value) in enumerate(entries):
        if number % 4 == 0:
            restarts.append(len(out))
            before = b""
        shared = 0
        while before[shared:shared + 1] == key[shared:shared + 1] != b"":
            shared += 1
        out += varint(shared) + varint(len(key) - shared) + varint(len(value)) + key[shared:] + value
        before = key
    restarts = restarts or [0]
    return out + struct.pack(f"<{len(restarts) + 1}I", *restarts, len(restarts))


def table_bytes(entries: dict[bytes, bytes], in_block: int = 10, snappy: bool = False) -> bytes:
    """A sorted table with blocks of a few entries."""
    out = bytearray()

    def add(block: bytes) -> bytes:
        contents = (snappy_bytes(block) if snappy else block) + bytes([snappy])
        place = varint(len(out)) + varint(len(contents) - 1)
        out.extend(contents + masked(contents).to_bytes(4, "little"))
        return place

    items = sorted(entries.items())
    assert all(one < other for (one, _), (other, _) in pairwise(items))
    blocks = [items[start:start + in_block] for start in range(0, len(items), in_block)]
    places = [(block[-1][0], add(_block(block))) for block in blocks]
    handles = add(_block([])) + add(_block(places))
    return bytes(out) + handles.ljust(40, b"\0") + TABLE_MAGIC.to_bytes(8, "little")


_TYPES = {"float32": 1, "float64": 2, "int32": 3, "int64": 9}


def write_bundle(prefix: Path, variables: dict[str, np.ndarray], shards: int = 1, snappy: bool = False) -> None:
    """A TensorFlow checkpoint with its variables dealt out to data files in turn."""
    from partwise.released.checksum import masked_crc32c  # bit by bit would take minutes

    data = [bytearray() for _ in range(shards)]
    version = field(3, field(1, 1))
    entries = {b"": (field(1, shards) + version)}
    for number, (name, values) in enumerate(sorted(variables.items())):
        shard, raw = number % shards, values.tobytes()
        shape = b"".join(field(2, field(1, size)) for size in values.shape)
        entries[name.encode()] = (field(1, _TYPES[values.dtype.name]) + field(2, shape) + field(3, shard)
                                  + field(4, len(data[shard])) + field(5, len(raw))
                                  + varint(6 << 3 | 5) + masked_crc32c(raw).to_bytes(4, "little"))
        data[shard] += raw
    prefix.parent.mkdir(parents=True, exist_ok=True)
    Path(f"{prefix}.index").write_bytes(table_bytes(entries, snappy=snappy))
    for shard, raw in enumerate(data):
        Path(f"{prefix}.data-{shard:05d}-of-{shards:05d}").write_bytes(raw)
    (prefix.parent / "checkpoint").write_text(f'model_checkpoint_path: "{prefix.name}"\n'
                                              f'all_model_checkpoint_paths: "{prefix.name}"\n')
