"""What people say of a KPI of an org unit in a quarter: comments, and what they will do about it. Action plans of the
strategy are another matter."""
