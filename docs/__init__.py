"""The documentation; a package only so that the tests can import what makes its generated pages."""
