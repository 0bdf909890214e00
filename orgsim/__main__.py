"""`python -m orgsim` is the command `orgsim`."""

from orgsim.cli import main

main()
