"""The forecaster: from an approved snapshot to forecasts that can be proved. Knows no screen."""
