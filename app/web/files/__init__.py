"""Files of dossiers."""
