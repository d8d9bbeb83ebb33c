"""The clockwork: APScheduler ticks around the use cases. Nothing per person lives here."""
