"""The only folder that knows SQLAlchemy: plain functions over an open transaction."""
