"""Pages: one module a screen; each view reads, or calls one verb."""
