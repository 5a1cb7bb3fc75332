"""What furniture shares: cabinets with drawers and doors, handles, legs, feet and casters."""
