// The part of toml++ that Debian carries as a shared library only, for the tool that is linked statically:
// the library's own way of compiling itself into a program.
#define TOML_HEADER_ONLY 0
#define TOML_IMPLEMENTATION
#include <toml++/toml.h>
