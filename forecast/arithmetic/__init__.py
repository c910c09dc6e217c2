"""Arithmetic whose results do not depend on the order of operations, the processor or the library. Needs only torch.

Sums and products are exact on a power-of-two grid (:mod:`forecast.arithmetic.grid` has the proof); all else is made of
operations that IEEE 754 defines. Float64 throughout.
"""
