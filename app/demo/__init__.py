"""The `binhchon demo` example: a database built by driving the real services."""
