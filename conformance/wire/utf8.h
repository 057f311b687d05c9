// UTF-8: whether bytes are well-formed text (RFC 3629: no overlong forms, no surrogates, at most U+10FFFF).
//
// Decides alone; does not decode. A NUL is a character here: who forbids it looks for it.
#pragma once

#include <string_view>

namespace notifyspec::wire {

bool is_utf8(std::string_view bytes);

}  // namespace notifyspec::wire
