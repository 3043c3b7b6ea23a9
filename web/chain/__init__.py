"""Chain audit: one complaint's whole chain."""
