"""The outside world, ours to command: chat platforms, people and a movable clock."""
