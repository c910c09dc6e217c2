"""The board pack: one document of words and numbers, and the files that are drawn from it."""
