"""Every write: our own alerts (`alerts`), agencies and what they say (`agencies`, `intake`)."""
