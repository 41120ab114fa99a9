"""Data that ships with the service: a committee, its plan, the calendar, legal limits, ladders."""
