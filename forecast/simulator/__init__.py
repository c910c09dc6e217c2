"""Quarterly business series drawn from a stated prior: what the network learns before it sees any company."""
