"""The desk: what needs somebody now."""
