"""From the network's offsets to instances: votes, mean shift, confidence."""
