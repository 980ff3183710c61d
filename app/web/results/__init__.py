"""Public results and statistics."""
