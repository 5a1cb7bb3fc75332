"""The network as an ONNX file, and the octree tables that it takes, which need NumPy alone."""
