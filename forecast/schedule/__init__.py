"""When forecasts run by themselves: rules, what is due, and who does it. Needs no torch."""
