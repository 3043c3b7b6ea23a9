"""Calls: who is on the line, wrapping up, calling back."""
