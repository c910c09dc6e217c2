"""Bytes that are the same on every machine, by their digests.

They change only with a network, the arithmetic or the draws, and then every published digest of that family does too.
"""

# The first sixteen digits of weights and forecast of :mod:`tests.forecast.golden`.

GOLDEN = {
    "mlp": ("8704a1cfe545564e", "716de24e2dc5ce30"),
    "tcn": ("4dc918f08003df4c", "328a1dd4184d9dad"),
    "gru": ("6dc811f3fb84fca8", "84203d7628f11fe8"),
    "transformer": ("e6a74336dc3cb137", "df952588b6b29655"),
    "simulated": ("8437b3d3961f4c94", "419a252c4384728d"),
}

# The probes of :mod:`forecast.fingerprint` that are the same everywhere.
PROMISE = {
    "exp": "6fb0bf41d402",
    "linear": "417aa1f42522",
    "log": "4a5e40fcc645",
    "sigmoid": "3f9c952b2361",
    "softmax": "5c2e07ce5227",
    "square_root": "a1aa26a47676",
    "standardise": "8261e5ac7d43",
    "tanh": "16e8e3a375af",
    "total": "fd507052675a",
}
