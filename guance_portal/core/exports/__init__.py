"""Tables as files that people keep: CSV and XLSX, each with a manifest that says what is in it."""
