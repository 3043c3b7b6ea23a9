"""Pictures: where everything is drawn, worked out from plain facts. Pure: no database, no clock, no request."""
