// THE table of members that an event line may have (fixtures/README.md, "Events"), and which kind has which.
//
// Only the table: trace_event.cc reads and writes by it.
#pragma once

#include <array>
#include <string_view>

namespace notifyspec::wire {

/// What the value of a member must be.
enum class MemberType {
  kSeconds,   ///< a number, not negative
  kText,      ///< a string
  kCount,     ///< an integer, not negative
  kNumber32,  ///< an integer from 0 to 2^32-1
  kTrue,      ///< true; where it would be false, the member is absent
};

/// Bits, so that a member says in one number which kinds it belongs to.
enum KindBit : unsigned {
  kNoKind = 0,
  kMessageKind = 1,
  kActionKind = 2,
  kPhaseKind = 4,
  kObservationKind = 8
};
inline constexpr unsigned kEveryKind = kMessageKind | kActionKind | kPhaseKind | kObservationKind;

/// Places in kMembers.
enum MemberPlace : unsigned {
  kT,
  kKind,
  kData,
  kDataBase64,
  kPid,
  kUid,
  kGid,
  kFds,
  kTruncated,
  kPeerCid,
  kPeerPort,
  kSocketType,
  kConnection,
  kAction,
  kArgument,
  kPhase,
  kSubject,
  kValue,
  kMonotonicUsec,
  kAgeUsec,
  kMemberCount
};

struct MemberRow {
  std::string_view name;
  MemberType type;
  unsigned kinds;
};

inline constexpr std::array<MemberRow, kMemberCount> kMembers = {{
    {"t", MemberType::kSeconds, kEveryKind},
    {"kind", MemberType::kText, kEveryKind},
    {"data", MemberType::kText, kMessageKind},
    {"data_base64", MemberType::kText, kMessageKind},
    {"pid", MemberType::kCount, kMessageKind},
    {"uid", MemberType::kCount, kMessageKind},
    {"gid", MemberType::kCount, kMessageKind},
    {"fds", MemberType::kCount, kMessageKind},
    {"truncated", MemberType::kTrue, kMessageKind},
    {"peer_cid", MemberType::kNumber32, kMessageKind},
    {"peer_port", MemberType::kNumber32, kMessageKind},
    {"socket_type", MemberType::kText, kMessageKind},
    {"connection", MemberType::kCount, kMessageKind},
    {"action", MemberType::kText, kActionKind},
    {"argument", MemberType::kText, kActionKind},
    {"phase", MemberType::kText, kPhaseKind},
    {"subject", MemberType::kText, kObservationKind},
    {"value", MemberType::kText, kObservationKind},
    {"monotonic_usec", MemberType::kCount, kActionKind | kPhaseKind | kObservationKind},
    {"age_usec", MemberType::kCount, kActionKind | kPhaseKind | kObservationKind},
}};

/// Where an event stands: each place has its own member for the time.
enum class EventForm {
  kTraceLine,  ///< in a trace: t, and no other time
  kControl,    ///< in a control datagram (wire/control.h): monotonic_usec, age_usec or neither; no t, no
               ///< message
};

/// By PhaseName.
inline constexpr std::array<std::string_view, 4> kPhaseNames = {"started", "ready", "shutting-down", "gone"};

/// The bit of a member in a set of members.
constexpr unsigned bit(MemberPlace place) {
  return 1U << place;
}

struct KindRow {
  std::string_view name;
  KindBit kind;
  unsigned
      required;  ///< set of members that must be there besides t and kind; data or data_base64 is one of them
};

inline constexpr std::array<KindRow, 4> kKinds = {{
    {"message", kMessageKind, 0},
    {"action", kActionKind, bit(kAction)},
    {"phase", kPhaseKind, bit(kPhase)},
    {"observation", kObservationKind, bit(kSubject) | bit(kValue)},
}};

}  // namespace notifyspec::wire
