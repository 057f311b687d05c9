"""A trial of the package in a clean Debian 12, with a sender that the suite does not know."""
