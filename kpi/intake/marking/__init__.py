"""Marks in a workbook: colours, comments and a list of findings, and not a byte changed beside."""
