#include "cli/help.h"

namespace notifyspec::cli {
namespace {

constexpr std::size_t kMost = 100;

}  // namespace

std::string Help::make_option_opts(const CLI::Option* option) const {
  std::string text = CLI::Formatter::make_option_opts(option);
  const auto begin = text.find(":{");
  if (begin == std::string::npos) return text;
  const auto end = text.find('}', begin);
  if (end != std::string::npos && end - begin > kMost) text.erase(begin, end + 1 - begin);
  return text;
}

}  // namespace notifyspec::cli
