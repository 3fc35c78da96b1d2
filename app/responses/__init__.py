"""What was answered: recorded once, scored, summed, exported, erased for good."""
