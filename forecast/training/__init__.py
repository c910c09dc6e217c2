"""Training of the networks. Needs only torch and numpy."""
