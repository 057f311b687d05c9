#include "verdict/outcome.h"

#include <algorithm>
#include <array>

#include "verdict/vector.h"

namespace notifyspec::verdict {
namespace {

constexpr std::array kKinds = {OutcomeKind::kConcluded, OutcomeKind::kUnsupported, OutcomeKind::kCrash,
                               OutcomeKind::kHang, OutcomeKind::kNonsense};
constexpr std::array<std::string_view, 5> kWords = {"concluded", "unsupported", "crash", "hang", "nonsense"};

VectorOutcome read(std::string_view line, std::string_view role) {
  JsonObject object = JsonObject::parse(line);
  VectorOutcome out;
  out.vector = object.text("vector");
  out.kind = *std::ranges::find(kKinds, object.choice("outcome", kWords),
                                [](OutcomeKind each) { return name(each); });
  const bool concluded = out.kind == OutcomeKind::kConcluded;
  if (concluded != object.has("conclusion"))
    object.refuse("conclusion", concluded ? "is missing" : "stands where nothing was concluded");
  if (concluded) {
    JsonObject conclusion = object.object("conclusion");
    out.conclusion = read_conclusion(conclusion, role);
  }
  if (object.has("unobserved")) out.unobserved = object.texts("unobserved");
  out.reason = object.text("reason", "");
  if (!concluded && out.reason.empty()) object.refuse("reason", "is missing");
  object.refuse_others();
  return out;
}

OutcomeHeader read_header(std::string_view line) {
  JsonObject object = JsonObject::parse(line);
  object.number("format", 1, 1);
  OutcomeHeader out;
  out.implementation = object.text("implementation");
  out.version = object.text("version");
  out.role = object.choice("role", kVectorRoles);
  out.date = object.text("date");
  object.refuse_others();
  return out;
}

}  // namespace

std::string_view name(OutcomeKind kind) {
  return kWords[static_cast<std::size_t>(std::ranges::find(kKinds, kind) - kKinds.begin())];
}

std::expected<OutcomeHeader, OutcomeError> parse_outcome_header(std::string_view line) try {
  return read_header(line);
} catch (const MemberRefused& refused) {
  return std::unexpected(OutcomeError{refused.what()});
}

std::expected<VectorOutcome, OutcomeError> parse_outcome(std::string_view line, std::string_view role) try {
  return read(line, role);
} catch (const MemberRefused& refused) {
  return std::unexpected(OutcomeError{refused.what()});
}

}  // namespace notifyspec::verdict
