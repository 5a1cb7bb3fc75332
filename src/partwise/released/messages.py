"""The protocol buffers that the released program's files hold: the few fields that are needed, by their public numbers.

They live in a pool of their own, so that TensorFlow may be imported in the same process.
"""

from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import DecodeError, Message

from partwise.errors import InputError

_PACKAGE = "partwise.released"
_Type = descriptor_pb2.FieldDescriptorProto
_SCALARS = {"bytes": _Type.TYPE_BYTES, "float": _Type.TYPE_FLOAT, "int64": _Type.TYPE_INT64,
            "int32": _Type.TYPE_INT32, "fixed32": _Type.TYPE_FIXED32, "string": _Type.TYPE_STRING}

# (field, number, type); * before a type: repeated; | before a type: one of the message's kinds
_MESSAGES: dict[str, tuple[tuple[str, int, str], ...]] = {
    # what a TFRecord file holds
    "BytesList": (("value", 1, "*bytes"),),
    "FloatList": (("value", 1, "*float"),),
    "Int64List": (("value", 1, "*int64"),),
    "Feature": (("bytes_list", 1, "|BytesList"), ("float_list", 2, "|FloatList"), ("int64_list", 3, "|Int64List")),
    "Features": (("feature", 1, "*Features.FeatureEntry"),),
    "Example": (("features", 1, "Features"),),
    # what the index of a checkpoint holds
    "BundleHeader": (("num_shards", 1, "int32"), ("endianness", 2, "int32")),
    "Dim": (("size", 1, "int64"),),
    "TensorShape": (("dim", 2, "*Dim"),),
    "Slice": (),
    "BundleEntry": (("dtype", 1, "int32"), ("shape", 2, "TensorShape"), ("shard_id", 3, "int32"),
                    ("offset", 4, "int64"), ("size", 5, "int64"), ("crc32c", 6, "fixed32"), ("slices", 7, "*Slice")),
    # the text file beside it
    "CheckpointState": (("model_checkpoint_path", 1, "string"),),
}


def _add_field(message: Any, name: str, number: int, kind: str) -> None:
    field = message.field.add(name=name, number=number)
    field.label = _Type.LABEL_REPEATED if kind.startswith("*") else _Type.LABEL_OPTIONAL
    if kind.startswith("|"):
        field.oneof_index = 0
    kind = kind.lstrip("*|")
    if kind in _SCALARS:
        field.type = _SCALARS[kind]
    else:
        field.type, field.type_name = _Type.TYPE_MESSAGE, f".{_PACKAGE}.{kind}"


def _pool() -> descriptor_pool.DescriptorPool:
    file = descriptor_pb2.FileDescriptorProto(name="partwise/released.proto", package=_PACKAGE, syntax="proto3")
    for name, fields in _MESSAGES.items():
        message = file.message_type.add(name=name)
        if any(kind.startswith("|") for _, _, kind in fields):
            message.oneof_decl.add(name="kind")
        for field in fields:
            _add_field(message, *field)
        if name == "Features":  # protobuf's map<string, Feature>
            entry = message.nested_type.add(name="FeatureEntry")
            entry.options.map_entry = True
            _add_field(entry, "key", 1, "string")
            _add_field(entry, "value", 2, "Feature")
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return pool


_POOL = _pool()


def _class(name: str) -> Any:
    return message_factory.GetMessageClass(_POOL.FindMessageTypeByName(f"{_PACKAGE}.{name}"))


Example, BundleHeader, BundleEntry, CheckpointState = map(
    _class, ("Example", "BundleHeader", "BundleEntry", "CheckpointState"))


def parse(kind: Any, data: bytes) -> Any:
    """A message of one of the kinds above from its bytes; InputError where they are none."""
    message: Message = kind()
    try:
        message.ParseFromString(data)
    except DecodeError as error:
        raise InputError(f"is not the protocol buffer {kind.DESCRIPTOR.name} ({error})") from error
    return message
