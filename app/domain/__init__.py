"""Rules of the award in plain Python."""
