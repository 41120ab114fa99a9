"""What performance claims are measured with; run by hand, never by the tests."""
