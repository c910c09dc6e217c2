"""Rules on landings and statuses, judged after each run; what they raise is told once and acknowledged by a person."""
