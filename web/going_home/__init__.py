"""Going home: what falls due, who covers, being there."""
