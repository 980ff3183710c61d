"""What pages read: selects that give frozen dataclasses, scoped to what the reader may see."""
