"""Starts the programs of bench/, measures, and writes the table."""
