"""Anybody's quarterly panel: a long file in, checked and cut into series as it streams by, and a long file out.

The long form is that of the forecasting ecosystem: columns ``unique_id``, ``ds`` and ``y``, one row a value.
"""
