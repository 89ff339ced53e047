"""Web push: RFC 8030 (the request), RFC 8291 (the encryption), RFC 8292 (who we are)."""
