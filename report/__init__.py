"""What is shown, whoever shows it: words, numbers as written, charts and their pictures. Knows no screen."""
