"""Everything that changes figures, sources, decisions and releases of the situation room."""
