"""The rules of the office: no I/O, no clock, no await, and nothing of ours imported."""
