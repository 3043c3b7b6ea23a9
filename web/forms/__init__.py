"""What people type: one form a verb."""
