"""What is installed: packages for Debian, the data as an archive, manual pages and completion."""
