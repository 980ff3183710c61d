"""The administrator's register of communes."""
