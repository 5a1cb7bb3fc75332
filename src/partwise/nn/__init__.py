"""The network: octree, convolutions, backbone, fusion, heads and losses."""
