"""Signatures: who vouches for a passport, in forms that other tools read (in-toto statements in DSSE envelopes)."""
