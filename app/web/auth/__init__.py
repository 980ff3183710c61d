"""A person's own account."""
