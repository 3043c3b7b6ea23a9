"""Flows and trends: where complaints are passed around."""
