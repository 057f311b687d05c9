#include "vsock/connection.h"

#include <algorithm>

namespace notifyspec::vsock {
namespace {

// An empty message costs no credit; more than this many beyond the credit is no honest guest.
constexpr std::size_t kSpareMessages = 64;
constexpr std::byte kByteBack{'!'};

}  // namespace

Connection::Connection(Ends ends, Kind kind, Phase begin, const Faults& faults, Counts& counts)
    : ends_(ends),
      kind_(kind),
      phase_(begin),
      faults_(faults),
      counts_(&counts),
      credit_(faults.credit.value_or(kOfferedCredit)),
      outbox_(kind == Kind::kSeqpacket) {}

// --- from the guest

void Connection::hear_credit(const Header& header) {
  credit_.hear(header.buf_alloc, header.fwd_cnt);
  if (credit_.room() > 0) credit_asked_ = false;
}

void Connection::take(const Header& header, std::span<const std::byte> payload) {
  if (header.operation() == Op::kReset) return take_reset();
  if (phase_ >= Phase::kFlushing) {
    ++counts_->packets_dropped;  // it will see our RST
    return;
  }
  if (header.type != static_cast<std::uint16_t>(kind_)) return reset();
  hear_credit(header);
  const Op operation = header.operation();
  if (operation == Op::kShutdown) return take_shutdown(header.flags);
  if (operation == Op::kData) return take_data(header, payload);
  if (operation == Op::kCreditRequest) update_due_ = true;
  if (operation == Op::kCreditRequest || operation == Op::kCreditUpdate) return;
  // A second REQUEST, an answer to nothing, or no operation at all.
  if (operation != Op::kResponse || phase_ != Phase::kRequested) return reset();
  phase_ = Phase::kOpen;
  open_due_ = false;
  ++counts_->connections;
}

void Connection::take_reset() {
  // Once both sides have said all, RST is how a connection ends (virtio 1.2, 5.10.6.5).
  const bool orderly = shutdown_told_ == (kShutdownSend | kShutdownReceive) || (guest_ended_ && guest_deaf_);
  if (phase_ == Phase::kOpen && !orderly) ++counts_->resets_taken;
  if (phase_ == Phase::kRequested) ++counts_->refused;
  reset_due_ = false;
  if (phase_ >= Phase::kFlushing) return;
  // A guest that has said all it had to say, and then is tired of waiting for us, takes nothing back.
  end(guest_ended_ ? Phase::kFlushing : Phase::kDead, false);
}

void Connection::take_shutdown(std::uint32_t flags) {
  if (phase_ != Phase::kOpen) return reset();
  const bool ends_now = (flags & kShutdownSend) != 0 && !guest_ended_;
  if (ends_now) {
    guest_ended_ = true;
    counts_->bytes_lost_out += outbox_.drop_unfinished();
  }
  if ((flags & kShutdownReceive) != 0) {
    guest_deaf_ = true;
    drop_inbox();
  }
  if (ends_now && !guest_deaf_) byte_back_due_ = faults_.byte_back;
  finish_if_flushed();
}

void Connection::take_data(const Header& header, std::span<const std::byte> payload) {
  const auto length = static_cast<std::uint32_t>(payload.size());
  if (phase_ != Phase::kOpen || guest_ended_ || !credit_.take(length)) {
    counts_->bytes_lost_out += length;
    return reset();
  }
  received_ += length;
  if (host_deaf_) {
    counts_->bytes_lost_out += length;
    credit_.pass_on(length);
    return;
  }
  const bool keeps_messages = kind_ == Kind::kSeqpacket;
  if (faults_.reset_after && received_ >= *faults_.reset_after) {
    const std::uint64_t beyond = received_ - *faults_.reset_after;
    const std::size_t kept = keeps_messages ? 0 : length - beyond;
    counts_->bytes_lost_out += length - kept;
    outbox_.append(payload.first(kept), false);
    ++counts_->resets_sent;
    return end(Phase::kFlushing, true);
  }
  if (keeps_messages && (header.flags & kEndOfRecord) != 0) ++counts_->records_unmarked;
  outbox_.append(payload, (header.flags & kEndOfMessage) != 0);
  if (outbox_.n_messages() > credit_.offered() + kSpareMessages) reset();
}

void Connection::reset() {
  if (phase_ >= Phase::kFlushing) return;
  if (phase_ == Phase::kOpen) ++counts_->resets_sent;
  if (phase_ == Phase::kConnecting) ++counts_->refused;
  end(Phase::kDead, true);
}

void Connection::abandon() {
  reset_due_ = false;
  if (phase_ < Phase::kFlushing) end(Phase::kFlushing, false);
}

void Connection::end(Phase phase, bool tell) {
  reset_due_ = tell;
  drop_inbox();
  if (phase == Phase::kFlushing) counts_->bytes_lost_out += outbox_.drop_unfinished();
  if (phase == Phase::kFlushing && outgoing() && !host_deaf_) {
    phase_ = phase;
    return;
  }
  counts_->bytes_lost_out += outbox_.clear();
  phase_ = Phase::kDead;
}

void Connection::finish_if_flushed() {
  if (outgoing()) return;
  if (phase_ == Phase::kFlushing) phase_ = Phase::kDead;
  // The guest has closed its socket and waits for the RST that says that all is done (virtio 1.2, 5.10.6.5).
  if (phase_ == Phase::kOpen && guest_ended_ && guest_deaf_) end(Phase::kDead, true);
}

void Connection::drop_inbox() {
  counts_->bytes_lost_in += inbox_.clear();
  byte_back_due_ = false;
}

// --- to the guest

bool Connection::data_ready() const {
  if (phase_ != Phase::kOpen) return false;
  if (inbox_.pending()) return credit_.room() > 0 || inbox_.left() == 0;
  return byte_back_due_ && credit_.room() > 0;
}

bool Connection::credit_request_due() const {
  return phase_ == Phase::kOpen && !credit_asked_ && !guest_deaf_ && !host_ended_ && credit_.room() == 0;
}

std::uint32_t Connection::shutdown_due() const {
  // What was read comes first.
  if (phase_ != Phase::kOpen || inbox_.pending() || byte_back_due_) return 0;
  const std::uint32_t wanted = (host_ended_ ? kShutdownSend : 0) | (host_deaf_ ? kShutdownReceive : 0);
  return (wanted & ~shutdown_told_) != 0 ? wanted : 0;
}

Op Connection::next_operation() const {
  if (reset_due_) return Op::kReset;
  if (phase_ == Phase::kRequested && open_due_) return Op::kRequest;
  if (phase_ != Phase::kOpen) return Op::kInvalid;
  if (open_due_) return Op::kResponse;
  if (data_ready()) return Op::kData;
  if (shutdown_due() != 0) return Op::kShutdown;
  if (update_due_ || credit_.update_due()) return Op::kCreditUpdate;
  if (credit_request_due()) return Op::kCreditRequest;
  return Op::kInvalid;
}

bool Connection::has_packet() const {
  return next_operation() != Op::kInvalid;
}

Header Connection::next_packet(std::span<std::byte> room) {
  const Op operation = next_operation();
  Header header = {.src_port = ends_.host_port,
                   .dst_port = ends_.guest_port,
                   .type = static_cast<std::uint16_t>(kind_),
                   .op = static_cast<std::uint16_t>(operation),
                   .buf_alloc = credit_.offered(),
                   .fwd_cnt = credit_.tell_passed_on()};
  update_due_ = false;
  if (operation == Op::kReset) reset_due_ = false;
  if (operation == Op::kRequest || operation == Op::kResponse) open_due_ = false;
  if (operation == Op::kData) give_data(header, room);
  if (operation == Op::kShutdown) shutdown_told_ |= header.flags = shutdown_due();
  if (operation == Op::kCreditRequest) credit_asked_ = true;
  return header;
}

void Connection::give_data(Header& header, std::span<std::byte> room) {
  const bool keeps_messages = kind_ == Kind::kSeqpacket;
  if (inbox_.pending()) {
    header.len = static_cast<std::uint32_t>(inbox_.give(room, credit_.room()));
    counts_->bytes_in += header.len;
    if (keeps_messages && !inbox_.pending()) ++counts_->messages_in;
  } else {
    room.front() = kByteBack;
    byte_back_due_ = false;
    header.len = 1;
  }
  credit_.send(header.len);
  if (keeps_messages && !inbox_.pending()) header.flags = kEndOfMessage;
}

// --- the host socket

void Connection::host_took(std::size_t count) {
  outbox_.pop(count);
  credit_.pass_on(static_cast<std::uint32_t>(count));
  counts_->bytes_out += count;
  if (kind_ == Kind::kSeqpacket) ++counts_->messages_out;
  finish_if_flushed();
}

bool Connection::half_close_due() const {
  return phase_ == Phase::kOpen && guest_ended_ && !half_close_passed_ && !faults_.no_half_close &&
         !outgoing();
}

std::size_t Connection::read_limit() const {
  const bool takes = phase_ == Phase::kOpen && !open_due_ && !inbox_.pending() && !byte_back_due_ &&
                     !guest_deaf_ && !host_ended_;
  return takes ? std::min<std::size_t>(credit_.room(), kReadChunk) : 0;
}

void Connection::host_gave(std::span<const std::byte> bytes) {
  const bool fits = kind_ == Kind::kStream || bytes.size() <= credit_.peer_offers();
  return fits ? inbox_.fill(bytes) : host_gave_too_much(bytes.size());  // it would wait for ever
}

void Connection::host_gave_too_much(std::size_t count) {
  counts_->bytes_lost_in += count;
  reset();
}

void Connection::host_ended() {
  if (phase_ == Phase::kRequested) return reset();
  host_ended_ = true;
}

void Connection::host_deafened() {
  if (phase_ == Phase::kRequested) return reset();
  host_deaf_ = true;
  const std::size_t lost = outbox_.clear();
  counts_->bytes_lost_out += lost;
  credit_.pass_on(static_cast<std::uint32_t>(lost));
  finish_if_flushed();
}

}  // namespace notifyspec::vsock
