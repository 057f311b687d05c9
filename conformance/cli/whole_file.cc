#include "cli/whole_file.h"

#include <fmt/format.h>

#include <array>

#include "os/byte_stream.h"

namespace notifyspec::cli {

std::expected<std::string, std::string> read_whole(const std::string& path) {
  const auto source = os::ByteSource::open(path);
  if (!source) return std::unexpected(fmt::format("{}: {}", path, source.error().reason));
  std::string bytes;
  std::array<char, std::size_t{16} * 1024> piece;
  while (true) {
    const auto length = source->read(piece);
    if (!length) return std::unexpected(fmt::format("{}: {}", path, length.error().reason));
    if (*length == 0) return bytes;
    bytes.append(piece.data(), *length);
  }
}

}  // namespace notifyspec::cli
