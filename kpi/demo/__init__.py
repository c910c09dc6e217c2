"""The demo company: a fictitious life insurer, its figures, its workbooks, and loading them."""

from kpi.demo.load import load_demo

__all__ = ["load_demo"]
