"""Tests of orgsim; a package only so that its helpers are importable as `tests.NAME`."""
