"""Meshes and point clouds: reading, sampling, normals, labels of faces, writing."""

from partwise.mesh.convert import as_geometry
from partwise.mesh.faces import connected_faces
from partwise.mesh.geometry import (
    Mesh,
    PointCloud,
    Samples,
    estimate_normals,
    sample,
    sample_distance,
    triangle_areas,
    without_unused_vertices,
)
from partwise.mesh.labelling import face_labels
from partwise.mesh.read import SUFFIXES, read_geometry
from partwise.mesh.splitting import split_faces
from partwise.mesh.write import write_mesh_ply, write_ply

__all__ = ["SUFFIXES", "Mesh", "PointCloud", "Samples", "as_geometry", "connected_faces", "estimate_normals",
           "face_labels", "read_geometry", "sample", "sample_distance", "split_faces", "triangle_areas",
           "without_unused_vertices", "write_mesh_ply", "write_ply"]
