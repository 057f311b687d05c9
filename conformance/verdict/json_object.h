// A JSON object that is read member by member, and refused by the name of the member that is wrong.
//
// Rule: what is not asked for is unknown, and refused; so is a member that stands twice, which JSON libraries
// let pass. Reads no file and does not know what it reads.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace notifyspec::verdict {

/// "steps[1].fds: reason". Thrown within the readers alone; each has one boundary where it becomes a value.
struct MemberRefused : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class JsonObject {
 public:
  /// Refuses text that is no JSON object. `text` is all there is.
  static JsonObject parse(std::string_view text);

  bool has(const char* member) const { return value_.contains(member); }
  std::string text(const char* member);
  std::string text(const char* member, std::string_view otherwise);
  /// One of `words`.
  std::string choice(const char* member, std::span<const std::string_view> words);
  std::string choice(const char* member, std::span<const std::string_view> words, std::string_view otherwise);
  std::uint64_t number(const char* member, std::uint64_t least, std::uint64_t most);
  std::uint64_t number(const char* member, std::uint64_t least, std::uint64_t most, std::uint64_t otherwise);
  /// False where it is absent.
  bool flag(const char* member);
  /// Text, or what `member`_base64 stands for: exactly one of the two.
  std::string bytes(const std::string& member);
  /// Not empty, all strings.
  std::vector<std::string> texts(const char* member);
  /// An array of objects.
  std::vector<JsonObject> objects(const char* member);
  JsonObject object(const char* member);
  /// The names of all members.
  std::vector<std::string> names() const;

  /// Refuses the members that nobody asked for.
  void refuse_others() const;
  [[noreturn]] void refuse(std::string_view member, std::string_view reason) const;

 private:
  JsonObject(nlohmann::json value, std::string path) : value_(std::move(value)), path_(std::move(path)) {}

  const nlohmann::json& get(const std::string& member);

  nlohmann::json value_;
  std::string path_;  ///< how one gets here: "steps[1]."
  std::set<std::string, std::less<>> known_;
};

}  // namespace notifyspec::verdict
