"""Two runs beside each other: what changed, and how far each change moved each forecast. Needs no torch."""
