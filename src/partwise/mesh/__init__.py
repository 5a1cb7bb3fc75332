"""Meshes and point clouds: reading, sampling, normals, labels of faces, writing."""

from partwise.mesh.convert import as_geometry
from partwise.mesh.geometry import (
    Mesh,
    PointCloud,
    Samples,
    check_size,
    estimate_normals,
    normals_of,
    sample,
    sample_distance,
    without_unused_vertices,
)
from partwise.mesh.labelling import face_labels
from partwise.mesh.read import SUFFIXES, read_geometry
from partwise.mesh.splitting import split_faces
from partwise.mesh.write import write_ply

__all__ = ["SUFFIXES", "Mesh", "PointCloud", "Samples", "as_geometry", "check_size", "estimate_normals",
           "face_labels", "normals_of", "read_geometry", "sample", "sample_distance", "split_faces",
           "without_unused_vertices", "write_ply"]
