"""What others do, within a second: the stream, and who else is here."""
