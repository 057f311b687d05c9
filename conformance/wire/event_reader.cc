#include "wire/event_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "wire/base64.h"

namespace notifyspec::wire {
namespace {

constexpr std::array<std::string_view, 3> kSocketTypes = {"dgram", "seqpacket", "stream"};

std::string_view describe(MemberType type) {
  switch (type) {
    case MemberType::kSeconds:
      return "a number of seconds from 0 on";
    case MemberType::kText:
      return "a string";
    case MemberType::kCount:
      return "an integer from 0 on";
    case MemberType::kNumber32:
      return "an integer from 0 to 4294967295";
    case MemberType::kTrue:
      return "true (or absent)";
  }
  return "known";
}

}  // namespace

bool EventReader::refuse_type() {
  if (depth_ == 0) return refuse("not a JSON object");
  return refuse(
      fmt::format("member \"{}\" is not {}", kMembers[place_].name, describe(kMembers[place_].type)));
}

bool EventReader::key(std::string_view name) {
  for (unsigned i = 0; i < kMemberCount; ++i) {
    if (kMembers[i].name != name || !is_known(static_cast<MemberPlace>(i))) continue;
    place_ = static_cast<MemberPlace>(i);
    return !has(place_) || refuse(fmt::format("member \"{}\" stands twice", name));
  }
  return refuse(fmt::format("unknown member {}", quote(name)));
}

bool EventReader::number_unsigned(std::uint64_t number) {
  if (expects(MemberType::kSeconds)) return number_float(static_cast<double>(number), {});
  const std::uint64_t limit = expects(MemberType::kNumber32) ? UINT32_MAX : INT64_MAX;
  if (!(expects(MemberType::kCount) || expects(MemberType::kNumber32)) || number > limit)
    return refuse_type();
  numbers_[place_] = static_cast<std::int64_t>(number);
  return take();
}

bool EventReader::number_float(double number, std::string_view) {
  const auto usec = usec_of_seconds(number);
  if (!expects(MemberType::kSeconds) || !usec) return refuse_type();
  numbers_[place_] = *usec;
  return take();
}

bool EventReader::string(std::string_view text) {
  if (!expects(MemberType::kText)) return refuse_type();
  texts_[place_].assign(text);
  return take();
}

/// The kind of the line, or nullptr with a reason: whether each member belongs to it, and none is missing.
const KindRow* EventReader::check_members() {
  const auto missing = [this](std::string_view name) {
    refuse(fmt::format("member \"{}\" is missing", name));
    return nullptr;
  };
  if (form_ == EventForm::kTraceLine && !has(kT)) return missing("t");
  if (!has(kKind)) return missing("kind");
  const auto* const row = std::ranges::find(kKinds, texts_[kKind], &KindRow::name);
  const bool fits = form_ == EventForm::kTraceLine || row != kKinds.begin();  // the first is message
  if (row == kKinds.end() || !fits) {
    refuse(fmt::format("kind {} is not known", quote(texts_[kKind])));
    return nullptr;
  }
  for (unsigned i = 0; i < kMemberCount; ++i) {
    const bool seen = has(static_cast<MemberPlace>(i));
    if (seen && (kMembers[i].kinds & row->kind) == 0) {
      refuse(fmt::format("member \"{}\" does not belong to kind \"{}\"", kMembers[i].name, row->name));
      return nullptr;
    }
    if (!seen && (row->required >> i & 1U) != 0) return missing(kMembers[i].name);
  }
  if (has(kMonotonicUsec) && has(kAgeUsec)) {
    refuse("members \"monotonic_usec\" and \"age_usec\" exclude each other");
    return nullptr;
  }
  return row;
}

bool EventReader::fill(Message& message) {
  if (has(kData) == has(kDataBase64)) {
    return refuse(has(kData) ? "members \"data\" and \"data_base64\" exclude each other"
                             : "member \"data\" (or \"data_base64\") is missing");
  }
  if (has(kData)) {
    message.data.swap(texts_[kData]);
  } else if (!decode_base64(texts_[kDataBase64], message.data)) {
    return refuse("member \"data_base64\" is not base64");
  }
  message.pid = number(kPid);
  message.uid = number(kUid);
  message.gid = number(kGid);
  message.fds = number(kFds).value_or(0);
  message.truncated = has(kTruncated);
  message.peer_cid = number32(kPeerCid);
  message.peer_port = number32(kPeerPort);
  message.connection = number(kConnection);
  message.socket_type.reset();
  if (!has(kSocketType)) return true;
  message.socket_type = texts_[kSocketType];
  return std::ranges::count(kSocketTypes, texts_[kSocketType]) != 0 ||
         refuse(fmt::format("socket type {} is not known", quote(texts_[kSocketType])));
}

bool EventReader::fill(Phase& phase) {
  const auto* const name = std::ranges::find(kPhaseNames, texts_[kPhase]);
  if (name == kPhaseNames.end()) return refuse(fmt::format("phase {} is not known", quote(texts_[kPhase])));
  phase.phase = static_cast<PhaseName>(name - kPhaseNames.begin());
  return true;
}

std::expected<void, TraceError> EventReader::finish(Event& event) {
  const KindRow* const row = check_members();
  if (row == nullptr) return std::unexpected(TraceError{reason_});
  event.t_usec = number(kT).value_or(0);
  bool good = true;
  switch (row->kind) {
    case kMessageKind:
      if (!std::holds_alternative<Message>(event.body)) event.body.emplace<Message>();
      good = fill(std::get<Message>(event.body));
      break;
    case kActionKind: {
      auto& action = event.body.emplace<Action>(Action{.action = std::move(texts_[kAction]), .argument = {}});
      if (has(kArgument)) action.argument = std::move(texts_[kArgument]);
      break;
    }
    case kPhaseKind:
      good = fill(event.body.emplace<Phase>());
      break;
    case kObservationKind:
      event.body.emplace<Observation>(Observation{std::move(texts_[kSubject]), std::move(texts_[kValue])});
      break;
    case kNoKind:
      break;
  }
  if (!good) return std::unexpected(TraceError{reason_});
  return {};
}

}  // namespace notifyspec::wire
