"""Pages of a council member."""
