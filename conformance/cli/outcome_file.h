// An outcome file, read whole: the header, and by id what came of each vector.
#pragma once

#include <expected>
#include <map>
#include <string>

#include "verdict/outcome.h"

namespace notifyspec::cli {

struct OutcomeFile {
  verdict::OutcomeHeader header;
  std::map<std::string, verdict::VectorOutcome, std::less<>> outcomes;
};

/// `path` may be -. An error is a sentence that names file, line and member.
std::expected<OutcomeFile, std::string> read_outcomes(const std::string& path);

}  // namespace notifyspec::cli
