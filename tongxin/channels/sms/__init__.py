"""Short messages to telephones: queued with the deed that causes them, sent by the worker."""
