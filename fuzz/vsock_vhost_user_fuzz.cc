// Invariants: any header and body is read or refused with a reason, without a look beyond its end; what is
// read fits its number of fds; a reply says its own length.
#include <cstddef>
#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "heap.h"
#include "invariant.h"
#include "vsock/connect_door.h"
#include "vsock/vhost_user_message.h"

using namespace notifyspec::vsock;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const notifyspec::fuzz::Heap heap;
  parse_connect({reinterpret_cast<const char*>(data), size});
  if (size < 1 + kVhostHeaderSize) return 0;
  const std::size_t n_fds = data[0] % (kMostMemoryRegions + 2);
  const auto bytes = std::as_bytes(std::span(data + 1, size - 1));
  const auto header = parse_vhost_header(bytes.first<kVhostHeaderSize>());
  require(header || !header.error().empty(), "a header or a reason");
  if (!header || header->size > bytes.size() - kVhostHeaderSize) return 0;
  // A copy of exactly its size: the sanitizer watches its end.
  const auto body_bytes = bytes.subspan(kVhostHeaderSize, header->size);
  const std::vector<std::byte> exact(body_bytes.begin(), body_bytes.end());
  const auto body = parse_vhost_body(header->request, exact, n_fds);
  require(body || !body.error().empty(), "a body or a reason");
  if (!body) return 0;
  if (const auto* const table = std::get_if<MemoryTable>(&*body)) {
    require(table->regions.size() == n_fds && n_fds <= kMostMemoryRegions, "one fd for each region");
  } else if (const auto* const ring = std::get_if<VringFd>(&*body)) {
    require(n_fds == (ring->has_fd ? 1U : 0U) && ring->index <= 0xff, "one fd for one ring");
  } else {
    require(n_fds == 0, "no fd without a use");
  }
  const auto reply = format_reply(header->request, exact);
  require(reply.size() == kVhostHeaderSize + exact.size(), "a reply is a header and its body");
  return 0;
}
