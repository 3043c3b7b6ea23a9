"""The manager's board, and the thresholds behind the flags."""
