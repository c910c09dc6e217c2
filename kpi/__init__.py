"""The scorecard: catalogue, periods, facts, attainment, scoring, intake and store. Knows no screen and no torch."""
