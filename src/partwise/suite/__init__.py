"""All categories one after the other: data, training, testing, and one table of results."""
