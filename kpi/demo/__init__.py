"""The demo company: a fictitious life insurer, its figures, its workbooks, and loading them."""
