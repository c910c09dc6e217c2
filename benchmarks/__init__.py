"""Measured comparisons with peers; never part of the test run."""
