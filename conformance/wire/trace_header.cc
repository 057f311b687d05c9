// The header: the first line of a trace (fixtures/README.md, "Header").
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "wire/json_text.h"
#include "wire/trace.h"

namespace notifyspec::wire {
namespace {

using Json = nlohmann::ordered_json;
using Texts = std::vector<std::string>;

/// A refusal on its way out; it never leaves this file.
struct Refusal {
  std::string reason;
};

template <typename... Args>
[[noreturn]] void refuse(fmt::format_string<Args...> text, Args&&... args) {
  throw Refusal{fmt::format(text, std::forward<Args>(args)...)};
}

std::string read_text(const std::string& name, const Json& value) {
  if (!value.is_string()) refuse("member \"{}\" is not a string", name);
  return value.get<std::string>();
}

std::int64_t read_count(const std::string& name, const Json& value) {
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() > INT64_MAX) {
    refuse("member \"{}\" is not an integer from 0 on", name);
  }
  return value.get<std::int64_t>();
}

std::string read_word(const std::string& name, const Json& value,
                      std::initializer_list<std::string_view> words) {
  std::string text = read_text(name, value);
  if (std::ranges::count(words, text) == 0) refuse("{} {} is not known", name, quote(text));
  return text;
}

Texts read_texts(const std::string& name, const Json& value) {
  const auto is_text = [](const Json& item) { return item.is_string(); };
  if (!value.is_array() || !std::ranges::all_of(value, is_text))
    refuse("member \"{}\" is not an array of strings", name);
  return value.get<Texts>();
}

std::string read_date(const std::string& name, const Json& value) {
  std::string text = read_text(name, value);
  constexpr std::string_view kPattern = "0000-00-00";
  const auto fits = [](char c, char p) { return p == '0' ? c >= '0' && c <= '9' : c == p; };
  if (!std::ranges::equal(text, kPattern, fits)) refuse("member \"{}\" is not a date, YYYY-MM-DD", name);
  return text;
}

std::map<std::string, Texts> read_targets(const std::string& name, const Json& value) {
  if (!value.is_object()) refuse("member \"{}\" is not an object of arrays", name);
  std::map<std::string, Texts> targets;
  for (const auto& [target, after] : value.items()) targets[target] = read_texts(target, after);
  return targets;
}

Transaction read_transaction(const Json& value) {
  if (!value.is_object()) refuse("a transaction is not an object");
  Transaction transaction;
  for (const auto& [name, member] : value.items()) {
    if (name == "t") {
      const auto usec = usec_of_seconds(member.is_number() ? member.get<double>() : -1);
      if (!usec) refuse("member \"t\" of a transaction is not a number of seconds from 0 on");
      transaction.t_usec = *usec;
    } else if (name == "cause") {
      transaction.cause = read_text(name, member);
    } else if (name == "entered") {
      transaction.entered = read_texts(name, member);
    } else if (name == "left") {
      transaction.left = read_texts(name, member);
    } else if (name == "after") {
      transaction.after = read_targets(name, member);
    } else {
      refuse("unknown member {} of a transaction", quote(name));
    }
  }
  for (const char* const name : {"t", "cause", "entered", "left"}) {
    if (!value.contains(name)) refuse("member \"{}\" of a transaction is missing", name);
  }
  return transaction;
}

std::vector<Transaction> read_transactions(const std::string& name, const Json& value) {
  if (!value.is_array()) refuse("member \"{}\" is not an array", name);
  std::vector<Transaction> transactions;
  for (const Json& item : value) transactions.push_back(read_transaction(item));
  return transactions;
}

using Reader = void (*)(const std::string& name, const Json& value, TraceHeader& header);

struct HeaderRow {
  std::string_view name;
  bool required;
  Reader read;
};

/// Every member but `format`, which is looked at first.
constexpr std::array<HeaderRow, 16> kHeaderRows = {{
    {"systemd", false,
     [](auto& name, auto& value, auto& header) { header.systemd = read_text(name, value); }},
    {"vantage", false,
     [](auto& name, auto& value, auto& header) {
       header.vantage = read_word(name, value, {"container", "vm", "user"});
     }},
    {"transport", true,
     [](auto& name, auto& value, auto& header) {
       header.transport =
           read_word(name, value, {"unix-dgram", "vsock-seqpacket", "vsock-stream", "vsock-dgram"});
     }},
    {"distribution", false,
     [](auto& name, auto& value, auto& header) { header.distribution = read_text(name, value); }},
    {"kernel", true, [](auto& name, auto& value, auto& header) { header.kernel = read_text(name, value); }},
    {"machine", false,
     [](auto& name, auto& value, auto& header) { header.machine = read_text(name, value); }},
    {"scenario", false,
     [](auto& name, auto& value, auto& header) { header.scenario = read_text(name, value); }},
    {"recorded", true,
     [](auto& name, auto& value, auto& header) { header.recorded = read_date(name, value); }},
    {"t0_monotonic_usec", true,
     [](auto& name, auto& value, auto& header) { header.t0_monotonic_usec = read_count(name, value); }},
    {"manager_pid", false,
     [](auto& name, auto& value, auto& header) { header.manager_pid = read_count(name, value); }},
    {"hostname", false,
     [](auto& name, auto& value, auto& header) { header.hostname = read_text(name, value); }},
    {"machine_id", false,
     [](auto& name, auto& value, auto& header) { header.machine_id = read_text(name, value); }},
    {"targets", false,
     [](auto& name, auto& value, auto& header) { header.targets = read_targets(name, value); }},
    {"transactions", false,
     [](auto& name, auto& value, auto& header) { header.transactions = read_transactions(name, value); }},
    {"planted", false,
     [](auto& name, auto& value, auto& header) { header.planted = read_texts(name, value); }},
    {"masked", false, [](auto& name, auto& value, auto& header) { header.masked = read_texts(name, value); }},
}};

/// The line as a document in which no object has a member twice.
Json read_json(std::string_view line) {
  std::vector<std::set<std::string>> open;  // names seen in each object that is still open
  const auto watch = [&open](int, Json::parse_event_t event, Json& value) {
    if (event == Json::parse_event_t::object_start) open.emplace_back();
    if (event == Json::parse_event_t::object_end) open.pop_back();
    if (event == Json::parse_event_t::key && !open.back().insert(value.get<std::string>()).second) {
      refuse("member {} stands twice", quote(value.get<std::string>()));
    }
    return true;
  };
  try {
    return Json::parse(line, watch);
  } catch (const Json::parse_error& error) {
    throw Refusal{describe_syntax_error(error.byte, error.what())};
  } catch (const Json::out_of_range& error) {
    refuse("a number is too large");
  }
}

void check_format(const Json& json) {
  if (!json.contains("format")) refuse("member \"format\" is missing");
  const Json& format = json["format"];
  if (!format.is_number_integer()) refuse("member \"format\" is not an integer");
  if (format != kTraceFormat)
    refuse("format {} is not known (this suite reads format {})", format.dump(), kTraceFormat);
}

TraceHeader read_header(std::string_view line) {
  const Json json = read_json(line);
  if (!json.is_object()) refuse("not a JSON object");
  if (json.contains("kind") && !json.contains("format"))
    refuse("an event stands where the header is expected");
  check_format(json);
  TraceHeader header;
  for (const auto& [name, value] : json.items()) {
    if (name == "format") continue;
    const auto* const row = std::ranges::find(kHeaderRows, name, &HeaderRow::name);
    if (row == kHeaderRows.end()) refuse("unknown member {}", quote(name));
    row->read(name, value, header);
  }
  for (const HeaderRow& row : kHeaderRows) {
    if (row.required && !json.contains(row.name)) refuse("member \"{}\" is missing", row.name);
  }
  return header;
}

template <typename T>
void write(Json& json, const char* name, const std::optional<T>& value) {
  if (value) json[name] = *value;
}

}  // namespace

std::expected<TraceHeader, TraceError> parse_header(std::string_view line) {
  try {
    return read_header(line);
  } catch (Refusal& refusal) {
    return std::unexpected(TraceError{std::move(refusal.reason)});
  }
}

std::string format_header(const TraceHeader& header) {
  Json json;
  json["format"] = header.format;
  write(json, "systemd", header.systemd);
  write(json, "vantage", header.vantage);
  json["transport"] = header.transport;
  write(json, "distribution", header.distribution);
  json["kernel"] = header.kernel;
  write(json, "machine", header.machine);
  write(json, "scenario", header.scenario);
  json["recorded"] = header.recorded;
  json["t0_monotonic_usec"] = header.t0_monotonic_usec;
  write(json, "manager_pid", header.manager_pid);
  write(json, "hostname", header.hostname);
  write(json, "machine_id", header.machine_id);
  write(json, "targets", header.targets);
  if (header.transactions) {
    json["transactions"] = Json::array();
    for (const Transaction& transaction : *header.transactions) {
      Json item = {{"t", static_cast<double>(transaction.t_usec) / 1e6},
                   {"cause", transaction.cause},
                   {"entered", transaction.entered},
                   {"left", transaction.left}};
      write(item, "after", transaction.after);
      json["transactions"].push_back(std::move(item));
    }
  }
  if (!header.planted.empty()) json["planted"] = header.planted;
  if (!header.masked.empty()) json["masked"] = header.masked;
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace notifyspec::wire
