"""The world: database, mail, templates, files, clock. These rooms do not know each other."""
