"""What a scenario says, as values."""
