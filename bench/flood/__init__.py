"""A flood before a notify receiver: what is accepted, refused and lost, how long an accepted message is on its way, and
how long a sender that behaves waits beside it."""
