#include "verdict/json_object.h"

#include <fmt/format.h>

#include <algorithm>

#include "wire/base64.h"

namespace notifyspec::verdict {
namespace {

using nlohmann::json;

/// Refuses an object in which a member stands twice: the library would keep the last.
class NoMemberTwice {
 public:
  bool operator()(int, json::parse_event_t event, json& value) {
    if (event == json::parse_event_t::object_start) open_.emplace_back();
    if (event == json::parse_event_t::object_end) open_.pop_back();
    if (event == json::parse_event_t::key && !open_.back().insert(value.get<std::string>()).second)
      throw MemberRefused(fmt::format("{}: stands twice", value.get<std::string>()));
    return true;
  }

 private:
  std::vector<std::set<std::string>> open_;
};

}  // namespace

JsonObject JsonObject::parse(std::string_view text) try {
  json value = json::parse(text, NoMemberTwice());
  if (!value.is_object()) throw MemberRefused("it is no JSON object");
  return {std::move(value), ""};
} catch (const json::parse_error& error) {
  throw MemberRefused(fmt::format("it is no JSON: byte {}", error.byte));
} catch (const json::out_of_range&) {
  throw MemberRefused("a number is too large");
}

const json& JsonObject::get(const std::string& member) {
  known_.insert(member);
  const auto found = value_.find(member);
  if (found == value_.end()) refuse(member, "is missing");
  return *found;
}

std::string JsonObject::text(const char* member) {
  const json& value = get(member);
  if (!value.is_string()) refuse(member, "is no string");
  return value.get<std::string>();
}

std::string JsonObject::text(const char* member, std::string_view otherwise) {
  known_.insert(member);
  return has(member) ? text(member) : std::string(otherwise);
}

std::string JsonObject::choice(const char* member, std::span<const std::string_view> words) {
  std::string word = text(member);
  if (std::ranges::find(words, word) == words.end())
    refuse(member, fmt::format("\"{}\" is none of {}", word, fmt::join(words, ", ")));
  return word;
}

std::string JsonObject::choice(const char* member, std::span<const std::string_view> words,
                               std::string_view otherwise) {
  known_.insert(member);
  return has(member) ? choice(member, words) : std::string(otherwise);
}

std::uint64_t JsonObject::number(const char* member, std::uint64_t least, std::uint64_t most) {
  const json& value = get(member);
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() < least || value.get<std::uint64_t>() > most)
    refuse(member, fmt::format("is no integer from {} to {}", least, most));
  return value.get<std::uint64_t>();
}

std::uint64_t JsonObject::number(const char* member, std::uint64_t least, std::uint64_t most,
                                 std::uint64_t otherwise) {
  known_.insert(member);
  return has(member) ? number(member, least, most) : otherwise;
}

bool JsonObject::flag(const char* member) {
  known_.insert(member);
  if (!has(member)) return false;
  const json& value = get(member);
  if (!value.is_boolean()) refuse(member, "is not true or false");
  return value.get<bool>();
}

std::string JsonObject::bytes(const std::string& member) {
  const std::string encoded = member + "_base64";
  known_.insert(member);
  known_.insert(encoded);
  if (value_.contains(member) == value_.contains(encoded))
    refuse(member, fmt::format("give this or \"{}\", and one only", encoded));
  if (value_.contains(member)) return text(member.c_str());
  std::string bytes;
  if (!wire::decode_base64(text(encoded.c_str()), bytes)) refuse(encoded, "is no base64");
  return bytes;
}

std::vector<std::string> JsonObject::texts(const char* member) {
  const json& value = get(member);
  if (!value.is_array() || value.empty()) refuse(member, "is no array with something in it");
  std::vector<std::string> out;
  for (const json& each : value) {
    if (!each.is_string()) refuse(member, "holds something that is no string");
    out.push_back(each.get<std::string>());
  }
  return out;
}

std::vector<JsonObject> JsonObject::objects(const char* member) {
  const json& value = get(member);
  if (!value.is_array()) refuse(member, "is no array");
  std::vector<JsonObject> out;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const std::string place = fmt::format("{}[{}]", member, i);
    if (!value[i].is_object()) refuse(place, "is no object");
    out.push_back(JsonObject(value[i], path_ + place + "."));
  }
  return out;
}

JsonObject JsonObject::object(const char* member) {
  const json& value = get(member);
  if (!value.is_object()) refuse(member, "is no object");
  return {value, path_ + member + "."};
}

std::vector<std::string> JsonObject::names() const {
  std::vector<std::string> out;
  for (const auto& [name, value] : value_.items()) out.push_back(name);
  return out;
}

void JsonObject::refuse_others() const {
  for (const auto& [name, value] : value_.items())
    if (!known_.contains(name)) refuse(name, "is no member that this suite knows");
}

void JsonObject::refuse(std::string_view member, std::string_view reason) const {
  throw MemberRefused(fmt::format("{}{}: {}", path_, member, reason));
}

}  // namespace notifyspec::verdict
