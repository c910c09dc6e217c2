"""The scorecard: templates, attainment, scores, status, roll-up and growth, as pure functions."""
