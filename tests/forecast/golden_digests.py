"""The first sixteen digits of weights and forecast of :mod:`tests.forecast.golden`, by family.

They change only with a network, the arithmetic or the draws, and then every published digest of that family does too.
"""

GOLDEN = {
    "mlp": ("c290fa3de93b73ac", "74774b70cf90113d"),
    "tcn": ("6fd5a68392cca7f1", "186b7d47dabcdf35"),
    "gru": ("b64898b15a844097", "8aa7715ac705c360"),
    "transformer": ("cc191dd03f5fa200", "60670bd2ffe971e4"),
}
