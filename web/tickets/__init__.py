"""A ticket: its page, opening one, and everything that can be done with it."""
