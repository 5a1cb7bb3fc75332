"""3D part instance segmentation at three levels of detail."""
