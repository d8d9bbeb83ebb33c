"""What `doctor` looks at, one family of checks a file. Each gives findings, and none ever raises for
what it finds."""
