"""Files of the released TensorFlow 1 program, read and written without TensorFlow: one file here a format."""
