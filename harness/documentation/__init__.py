"""The documentation, held to what it says: its commands are run, here or by a test that is named."""
