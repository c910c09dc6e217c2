"""The forecaster beside its peers: a panel with known futures, forecasts by name, one table."""
