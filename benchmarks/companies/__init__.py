"""Whether landings and their chances can be trusted, seen on simulated companies whose year's end is known."""
