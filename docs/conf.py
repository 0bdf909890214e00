"""How Sphinx builds the documentation; it knows nothing of the package but its version."""

import importlib.metadata

project = "orgsim"
author = "The orgsim authors"
copyright = "2026, the orgsim authors"
release = importlib.metadata.version("orgsim")

extensions = ["myst_parser"]
exclude_patterns = ["_build", "reference/benchmarks-table.md"]
html_theme = "furo"
html_title = f"orgsim {release}"

# Deep enough to link to every heading of a page.
myst_heading_anchors = 3
myst_enable_extensions = ["colon_fence", "deflist"]
