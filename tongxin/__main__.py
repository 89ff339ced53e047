"""`python -m tongxin` is the command `tongxin`."""

from tongxin.cli import main

main()
