"""What takes longer than a test may: hundreds of kills."""
