"""Work in the background: what runs by the clock, and whether the worker is alive."""
