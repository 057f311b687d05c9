// The text of a file of the suite: requirements, a trace.
#pragma once

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

namespace notifyspec::bench {

/// Throws std::runtime_error where it cannot be read.
inline std::string text_of(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) throw std::runtime_error("cannot read " + path);
  return text.str();
}

}  // namespace notifyspec::bench
