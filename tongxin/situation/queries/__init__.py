"""What was known at a moment, and what pages, files and the API read from it."""
