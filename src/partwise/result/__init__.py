"""What was found in a shape: its parts, as a tree, and in files."""
