"""What every run says of itself in few words: for a pull request, as a badge, and beside another run."""
