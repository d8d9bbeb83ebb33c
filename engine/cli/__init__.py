"""The command `sincerely`: `main` and one file a command. Heavy libraries load only where used."""
