// The vectors of a folder: every file in it, each under the id that its path gives it.
//
// Rule: all are read before anything is done with one, and one that is broken spoils all: what is left out in
// silence would look like what passes.
#pragma once

#include <expected>
#include <span>
#include <string>
#include <vector>

#include "verdict/requirement.h"
#include "verdict/vector.h"

namespace notifyspec::cli {

/// In the order of their ids. An error is a sentence that names file and member.
std::expected<std::vector<verdict::Vector>, std::string> read_vectors(
    std::span<const std::string> folders, std::span<const verdict::Requirement> requirements);

/// The one vector in `path`, whose id is the last three parts of it.
std::expected<verdict::Vector, std::string> read_vector(const std::string& path,
                                                        std::span<const verdict::Requirement> requirements);

}  // namespace notifyspec::cli
