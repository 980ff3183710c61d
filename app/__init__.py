"""binhchon: judging of outstanding rural industrial products."""
