"""How a run ended and what it raised, by e-mail and webhook; nothing is sent unless the settings name where to."""
