"""The kill matrix: which vectors catch which of the bugs that are planted."""
