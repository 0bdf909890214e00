"""Ledgers in columns as files: read, held to their shape, written, and the finished index beside them."""
