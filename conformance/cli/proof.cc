#include "cli/proof.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "cli/planted/bug.h"
#include "cli/trace_file.h"
#include "os/byte_stream.h"
#include "verdict/json_object.h"

namespace notifyspec::cli {
namespace {

constexpr std::string_view kTrace = "trace/";

/// One line of the file.
struct Killed {
  std::string bug;
  std::vector<std::string> vectors;       ///< that kill it
  std::vector<std::string> requirements;  ///< that a trace with it fails
};

/// Throws MemberRefused.
Killed parse(std::string_view line) {
  verdict::JsonObject object = verdict::JsonObject::parse(line);
  Killed killed{.bug = object.text("bug"), .vectors = {}, .requirements = {}};
  object.text("role");
  object.text("what");
  if (killed.bug.starts_with(kTrace)) {
    killed.requirements = object.texts("requirements");
  } else {
    killed.vectors = object.texts("vectors");
  }
  object.refuse_others();
  return killed;
}

bool is_planted(const std::string& id) {
  if (id.starts_with(kTrace)) return true;
  return std::ranges::any_of(
      planted_bugs(), [&](const PlantedBug& bug) { return id == fmt::format("{}/{}", bug.role, bug.name); });
}

class Proofs {
 public:
  Proofs(std::span<const verdict::Requirement> requirements, std::span<const verdict::Vector> vectors)
      : vectors_(vectors) {
    for (const verdict::Requirement& each : requirements) proofs_[each.id];
    for (const verdict::Vector& vector : vectors)
      for (const std::string& id : vector.requirements) proofs_[id].vectors.push_back(vector.id);
  }

  /// What is wrong with it, if anything.
  std::optional<std::string> take(const Killed& killed) {
    if (!is_planted(killed.bug)) return fmt::format("bug: there is no \"{}\"", killed.bug);
    if (!seen_.insert(killed.bug).second) return fmt::format("bug: \"{}\" stands twice", killed.bug);
    std::set<std::string> proved(killed.requirements.begin(), killed.requirements.end());
    for (const std::string& id : killed.vectors) {
      const auto vector = std::ranges::find(vectors_, id, &verdict::Vector::id);
      if (vector == vectors_.end()) return fmt::format("vectors: there is no \"{}\"", id);
      proved.insert(vector->requirements.begin(), vector->requirements.end());
    }
    for (const std::string& id : proved) {
      const auto found = proofs_.find(id);
      if (found == proofs_.end()) return fmt::format("requirements: there is no \"{}\"", id);
      found->second.bugs.push_back(killed.bug);
    }
    return std::nullopt;
  }

  std::map<std::string, Proof> all() && { return std::move(proofs_); }

 private:
  std::span<const verdict::Vector> vectors_;
  std::map<std::string, Proof> proofs_;
  std::set<std::string> seen_;
};

}  // namespace

std::expected<std::map<std::string, Proof>, std::string> read_proofs(
    const std::string& kills, std::span<const verdict::Requirement> requirements,
    std::span<const verdict::Vector> vectors) {
  auto source = os::ByteSource::open(kills);
  if (!source) return std::unexpected(fmt::format("{}: {}", kills, source.error().reason));
  LineReader lines(std::move(*source), kills);
  Proofs proofs(requirements, vectors);
  std::string_view line;
  while (true) {
    const auto more = lines.next(line);
    if (!more) return std::unexpected(more.error().message());
    if (!*more) return std::move(proofs).all();
    try {
      if (const auto wrong = proofs.take(parse(line)))
        return std::unexpected(lines.failure(*wrong).message());
    } catch (const verdict::MemberRefused& refused) {
      return std::unexpected(lines.failure(refused.what()).message());
    }
  }
}

}  // namespace notifyspec::cli
