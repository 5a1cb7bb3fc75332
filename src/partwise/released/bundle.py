"""TensorFlow checkpoints: variables by name, in ``<prefix>.index`` and ``<prefix>.data-0000k-of-0000n``."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from google.protobuf import text_format

from partwise.errors import InputError
from partwise.released.checksum import masked_crc32c
from partwise.released.messages import BundleEntry, BundleHeader, CheckpointState, parse
from partwise.released.table import read_table

_FLOAT = 1  # TensorFlow's number of the type float32
_STATE = "checkpoint"


@dataclass(frozen=True)
class Bundle:
    """A checkpoint whose index is read; tensors are read when asked for.

    prefix : its files' names up to ``.index`` and ``.data-...``
    shapes : the shape of each variable by name, as it is stored
    """

    prefix: Path
    shapes: dict[str, tuple[int, ...]]
    _entries: dict[str, Any]
    _n_shard: int

    def read(self, name: str) -> np.ndarray:
        """A variable, float32; InputError where it is of another type, split into slices, missing or damaged."""
        entry, shape = self._entries[name], self.shapes[name]
        path = Path(f"{self.prefix}.data-{entry.shard_id:05d}-of-{self._n_shard:05d}")
        where = f"{path}: variable {name}"
        size = 4 * math.prod(shape)
        if entry.dtype != _FLOAT or entry.slices or entry.size != size or min(*shape, entry.offset, 0) < 0:
            raise InputError(f"{where} has type {entry.dtype}, {len(entry.slices)} slices and {entry.size} bytes; "
                             f"expected float32 (type {_FLOAT}) of shape {shape} in one piece of {size} bytes")
        try:
            left = max(path.stat().st_size - entry.offset, 0)
            with path.open("rb") as file:
                file.seek(entry.offset)
                data = file.read(min(size, left))
        except OSError as error:
            raise InputError(f"{where} cannot be read ({error.strerror}); a checkpoint is all of its files, copy them "
                             "together") from error
        if len(data) < size:
            raise InputError(f"{where} should be {size} bytes from byte {entry.offset} on, but the file ends after "
                             f"{len(data)} of them; it is truncated, copy it again")
        if masked_crc32c(data) != entry.crc32c:
            raise InputError(f"{where} has checksum {masked_crc32c(data):08x}, expected {entry.crc32c:08x}; the file "
                             "is damaged, copy it again")
        return np.frombuffer(data, "<f4").reshape(shape)


def open_bundle(source: Path) -> Bundle:
    """Read the index of a checkpoint.

    source : its prefix, such as ``model/iter100000.ckpt``, or a folder whose file ``checkpoint`` names one.
    InputError where it is missing, damaged or of another kind.
    """
    prefix = _latest(source) if source.is_dir() else source
    path = Path(f"{prefix}.index")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); expected the prefix of a TensorFlow checkpoint, "
                         "such as model/iter100000.ckpt for the file model/iter100000.ckpt.index, or a folder with a "
                         f"file '{_STATE}'") from error
    try:
        table = read_table(data)
        header = parse(BundleHeader, table.pop(b"", b""))
        entries = {key.decode(): parse(BundleEntry, value) for key, value in table.items()}
    except (InputError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: {error}") from error
    if header.num_shards < 1 or header.endianness != 0:
        raise InputError(f"{path}: has {header.num_shards} data files and byte order {header.endianness}, expected at "
                         "least 1 and 0 (little-endian); save the checkpoint again on a common computer")
    shapes = {name: tuple(dim.size for dim in entry.shape.dim) for name, entry in entries.items()}
    return Bundle(prefix, shapes, entries, header.num_shards)


def _latest(folder: Path) -> Path:
    """The prefix that the folder's file ``checkpoint`` names; in the folder itself if the files have moved there."""
    path = folder / _STATE
    try:
        state = text_format.Parse(path.read_text(encoding="utf-8"), CheckpointState(), allow_unknown_field=True)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); name a folder that holds it, or the prefix of a "
                         "checkpoint such as model/iter100000.ckpt") from error
    except (text_format.ParseError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: is not TensorFlow's list of checkpoints ({error}); name the prefix of a checkpoint "
                         "instead") from error
    if not state.model_checkpoint_path:
        raise InputError(f"{path}: names no checkpoint; name the prefix of one instead")
    named = Path(state.model_checkpoint_path)
    moved = folder / named.name
    return moved if Path(f"{moved}.index").is_file() else folder / named
