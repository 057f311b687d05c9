// The part of fmt that Debian carries as a shared library only, for the tool that is linked statically:
// compiled from the library's own headers, with those templates that our objects leave to it.
#include <fmt/format-inl.h>

template char fmt::detail::decimal_point_impl(fmt::detail::locale_ref);
template fmt::detail::thousands_sep_result<char> fmt::detail::thousands_sep_impl(fmt::detail::locale_ref);
template std::locale fmt::detail::locale_ref::get<std::locale>() const;
