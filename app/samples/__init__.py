"""Made-up facilities, products and dossiers, marked as such: for the example and for practice contests."""
