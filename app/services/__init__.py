"""What people do: one function per use case, given a session, a command, an actor and the time. None commits."""
