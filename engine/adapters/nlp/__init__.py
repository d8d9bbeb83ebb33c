"""Reading how people feel from what they write. English only; other languages answer `unknown`."""
