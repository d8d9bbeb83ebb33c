"""Small protocols of what the use cases need of the world; `bootstrap` brings the adapters."""
