"""Every write: claims and what is said of them, reports, and the editors' queue."""
