"""Bytes that are the same on every machine, by their digests.

They change only with a network, the arithmetic or the draws, and then every published digest of that family does too.
"""

# The first sixteen digits of weights and forecast of :mod:`tests.forecast.golden`.

GOLDEN = {
    "mlp": ("c290fa3de93b73ac", "74774b70cf90113d"),
    "tcn": ("6fd5a68392cca7f1", "186b7d47dabcdf35"),
    "gru": ("b64898b15a844097", "8aa7715ac705c360"),
    "transformer": ("cc191dd03f5fa200", "60670bd2ffe971e4"),
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
