"""What a person should do: dated advice, for whom, by whom, on what evidence."""
