"""The strategy behind a scorecard: what causes what, the value gap and the way to close it; as data, in versions."""
