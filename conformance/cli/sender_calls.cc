#include "cli/sender_calls.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "wire/base64.h"

namespace notifyspec::cli {
namespace {

using Json = nlohmann::ordered_json;
using Parsed = std::expected<SenderCall, std::string>;

std::unexpected<std::string> refuse(std::string reason) {
  return std::unexpected(std::move(reason));
}

/// The first member of `step` that is none of `known`.
std::optional<std::string> unknown_member(const Json& step, std::initializer_list<std::string_view> known) {
  for (const auto& [key, value] : step.items())
    if (key != "call" && std::ranges::find(known, key) == known.end()) return key;
  return std::nullopt;
}

std::expected<bool, std::string> flag(const Json& step, const char* name) {
  const auto found = step.find(name);
  if (found == step.end()) return false;
  if (!found->is_boolean()) return refuse(fmt::format("\"{}\" is neither true nor false", name));
  return found->get<bool>();
}

std::expected<std::string, std::string> state_of(const Json& step) {
  const auto text = step.find("state");
  const auto base64 = step.find("state_base64");
  if ((text == step.end()) == (base64 == step.end())) return refuse("one of \"state\" and \"state_base64\"");
  const Json& value = text != step.end() ? *text : *base64;
  if (!value.is_string()) return refuse("a state is a string");
  if (text != step.end()) return value.get<std::string>();
  std::string bytes;
  if (!wire::decode_base64(value.get<std::string>(), bytes)) return refuse("\"state_base64\" is no base64");
  return bytes;
}

Parsed parse_notify(const Json& step) {
  if (const auto key = unknown_member(step, {"state", "state_base64", "fds", "unset_environment", "pid"}))
    return refuse(fmt::format("\"{}\" of a call to notify", *key));
  const auto state = state_of(step);
  if (!state) return refuse(state.error());
  NotifyCall call{.state = *state};
  if (const auto fds = step.find("fds"); fds != step.end()) {
    if (!fds->is_number_unsigned()) return refuse("\"fds\" is no number");
    call.fds = fds->get<std::size_t>();
  }
  if (const auto pid = step.find("pid"); pid != step.end()) {
    if (*pid != "child") return refuse("a \"pid\" other than child");
    call.for_child = true;
  }
  const auto unset = flag(step, "unset_environment");
  if (!unset) return refuse(unset.error());
  call.unset_environment = *unset;
  return call;
}

Parsed parse_barrier(const Json& step) {
  if (const auto key = unknown_member(step, {"timeout_usec", "unset_environment"}))
    return refuse(fmt::format("\"{}\" of a barrier", *key));
  BarrierCall call;
  if (const auto timeout = step.find("timeout_usec"); timeout != step.end()) {
    if (!timeout->is_number_unsigned()) return refuse("\"timeout_usec\" is no number");
    call.timeout_usec = timeout->get<std::uint64_t>();
  }
  const auto unset = flag(step, "unset_environment");
  if (!unset) return refuse(unset.error());
  call.unset_environment = *unset;
  return call;
}

Parsed parse_reloading(const Json& step) {
  if (const auto key = unknown_member(step, {"unset_environment"}))
    return refuse(fmt::format("\"{}\" of a call to reloading", *key));
  const auto unset = flag(step, "unset_environment");
  if (!unset) return refuse(unset.error());
  return ReloadingCall{.unset_environment = *unset};
}

Parsed parse_step(const Json& step) {
  const auto call = step.is_object() ? step.find("call") : step.end();
  if (!step.is_object() || call == step.end()) return refuse("a step that is no call");
  if (*call == "notify") return parse_notify(step);
  if (*call == "barrier") return parse_barrier(step);
  if (*call == "reloading") return parse_reloading(step);
  return refuse(fmt::format("the call {}", call->dump(-1, ' ', false, Json::error_handler_t::replace)));
}

}  // namespace

std::expected<std::vector<SenderCall>, std::string> parse_sender_calls(const Json& steps) {
  if (!steps.is_array()) return refuse("\"steps\" is no array");
  std::vector<SenderCall> calls;
  for (const Json& step : steps) {
    auto call = parse_step(step);
    if (!call) return refuse(std::move(call.error()));
    calls.push_back(std::move(*call));
  }
  return calls;
}

}  // namespace notifyspec::cli
