// The mutator: changes a scenario as one who knows the protocol would: lines, datagrams, fds and senders.
//
// Field names and the values that fit them come from the table of fields. Deterministic: the same seed makes
// the same of the same. Leaves bytes alone: that is the engine's own work.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>

#include "scenario.h"

namespace notifyspec::fuzz {

class Mutator {
 public:
  explicit Mutator(std::uint32_t seed) : random_(seed) {}

  /// One change to one datagram, or to their order and number.
  void mutate(Scenario& scenario);
  /// One change to the lines of `bytes`.
  void mutate_lines(std::string& bytes);
  /// Lines of `one` up to some place, and those of `other` from some place on.
  std::string cross_lines(const std::string& one, const std::string& other);
  /// Lines of both; fds, sender and all else of either.
  Datagram cross(const Datagram& one, const Datagram& other);
  /// Datagrams of `one` up to some place, and those of `other` from some place on.
  Scenario cross(const Scenario& one, const Scenario& other);

  /// A number below `limit`, which is more than 0.
  std::size_t below(std::size_t limit) { return random_() % limit; }

 private:
  void change_datagram(Datagram& datagram);
  std::string line();
  std::string value_of(std::size_t field);

  std::minstd_rand random_;
};

/// `scenario`, written in at most `limit` bytes: datagrams at the end are left out.
std::string write_within(Scenario scenario, std::size_t limit);

}  // namespace notifyspec::fuzz
