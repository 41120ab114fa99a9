"""The process and its edges."""
