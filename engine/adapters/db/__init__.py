"""The store: SQLModel tables, set-based statements, conditions as SQL. SQLite and PostgreSQL."""
