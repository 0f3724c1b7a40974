"""What people fill in; the rules live in the actions, the fields and their help here."""
