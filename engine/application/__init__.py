"""Use cases, one a file. They talk to the world through `ports`. May import `language` and `domain`."""
