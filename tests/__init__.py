"""Tests: conversations, rules and files."""
