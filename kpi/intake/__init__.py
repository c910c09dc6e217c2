"""Intake: workbook bytes -> grid of cells -> recognised layout -> candidate facts and findings."""
