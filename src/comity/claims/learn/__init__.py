"""What would settle a contested sentence, how long it would take, and what it would be worth."""
