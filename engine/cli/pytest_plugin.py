"""The pytest plug-in of Sincerely. Heavy imports stay inside the hooks: pytest loads this everywhere."""
