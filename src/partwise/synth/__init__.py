"""A procedural world: shapes with true part trees, in PartNet's own terms."""
