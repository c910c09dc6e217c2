"""Simple forecasting methods, one a file, all series at once, the same to the bit on every machine.

Each takes ``values`` and ``present`` (series, quarters) with the newest quarter last, and a horizon, and gives
(series, horizon). What is not present is never read and never filled: a mean leaves it out, a smoothed level waits for
the next value, a trend goes on over the quarters that passed. A series without any value has no forecast: its row is
NaN. Only + - * /, comparisons and square roots, added from left to right.
"""
