"""What is wrong with a project beyond its words: one family of checks a file."""
