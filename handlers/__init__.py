"""What happens when a person says something: one module a job they came to do, and the router."""
