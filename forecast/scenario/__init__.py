"""What if: coming quarters changed by a person, and the whole scorecard worked out again by the rules of actuals."""
