// What one connection holds for its host socket: bytes of a stream, or whole messages and the beginning of
// one.
//
// Rule: bytes leave in the order in which they came; of a SEQPACKET connection only whole messages leave.
// Bounded by its user through the credit; messages besides by their number, since an empty one costs no
// credit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

namespace notifyspec::vsock {

class Outbox {
 public:
  explicit Outbox(bool keeps_messages) : keeps_messages_(keeps_messages) {}

  /// Takes bytes; `ends_message` means something only where messages are kept.
  void append(std::span<const std::byte> bytes, bool ends_message);
  /// What may leave next: a whole message, or all bytes of a stream; nothing where there is none.
  std::optional<std::span<const std::byte>> front() const;
  /// `count` bytes of front() have left; a message leaves whole.
  void pop(std::size_t count);
  /// Throws everything away; how many bytes that were.
  std::size_t clear();
  /// Throws the beginning of a message away, whose end will not come; how many bytes that were.
  std::size_t drop_unfinished();

  std::size_t size() const { return bytes_.size() - start_; }  ///< bytes, the beginning of a message included
  std::size_t n_messages() const { return lengths_.size(); }   ///< whole ones

 private:
  bool keeps_messages_;
  std::vector<std::byte> bytes_;  ///< from start_ on
  std::size_t start_ = 0;
  std::deque<std::uint32_t> lengths_;  ///< of whole messages
  std::size_t unfinished_ = 0;
};

}  // namespace notifyspec::vsock
