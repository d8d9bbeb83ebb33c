"""The web side: the way out of every mail, and pictures by content hash."""
