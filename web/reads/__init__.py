"""What the pages show, read in few statements."""
