"""Showing things in a terminal, with rich: trees, tables and colors; nothing is decided here."""
