#include "vsock/packet.h"

#include "vsock/little_endian.h"

namespace notifyspec::vsock {
namespace {

/// Calls `visit(offset, field)` for each field, in the order of the wire.
template <typename AnyHeader, typename Visit>
void each_field(AnyHeader& header, const Visit& visit) {
  visit(0, header.src_cid);
  visit(8, header.dst_cid);
  visit(16, header.src_port);
  visit(20, header.dst_port);
  visit(24, header.len);
  visit(28, header.type);
  visit(30, header.op);
  visit(32, header.flags);
  visit(36, header.buf_alloc);
  visit(40, header.fwd_cnt);
}

}  // namespace

Header decode_header(std::span<const std::byte, kHeaderSize> bytes) {
  Header header;
  each_field(header,
             [&]<typename T>(std::size_t offset, T& field) { field = load_le<T>(bytes.data() + offset); });
  return header;
}

void encode_header(const Header& header, std::span<std::byte, kHeaderSize> bytes) {
  each_field(header, [&]<typename T>(std::size_t offset, const T& field) {
    store_le<T>(bytes.data() + offset, field);
  });
}

}  // namespace notifyspec::vsock
