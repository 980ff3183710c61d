"""The public list of territories."""
