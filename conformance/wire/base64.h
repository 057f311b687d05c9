// Base64 (RFC 4648, section 4): how bytes that are no text stand in a trace.
//
// Strict: padded, no line breaks, no other characters, and unused bits are zero, so that each byte string has
// one form only.
#pragma once

#include <string>
#include <string_view>

namespace notifyspec::wire {

std::string encode_base64(std::string_view bytes);

/// Whether `text` is base64; `bytes` then holds what it stands for. Its buffer is used again.
bool decode_base64(std::string_view text, std::string& bytes);

}  // namespace notifyspec::wire
