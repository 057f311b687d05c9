// A boot that is written by hand, event by event, and judged: for the tests of the rules.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "verdict/judge.h"
#include "verdict/rule_table.h"

namespace notifyspec::verdict {

/// A requirement for each rule of the table, all of level `level`.
inline std::vector<Requirement> every_requirement(Level level, int since = 256) {
  std::vector<Requirement> out;
  for (const RuleRow& row : rule_table()) {
    Requirement requirement;
    requirement.id = row.requirement;
    requirement.role = "manager";
    requirement.vantages = {"container", "vm"};
    requirement.level = level;
    requirement.since = since;
    out.push_back(requirement);
  }
  return out;
}

class JudgedBoot {
 public:
  explicit JudgedBoot(std::vector<Requirement> requirements = every_requirement(Level::kMust),
                      int systemd = 257, Profile profile = {})
      : requirements_(std::move(requirements)), systemd_(systemd), profile_(profile) {
    header.vantage = "container";
    header.manager_pid = 1;
    header.hostname = "vessel";
    header.machine_id = "0123456789abcdef0123456789abcdef";
    header.targets = {{"multi-user.target", {"basic.target"}}, {"basic.target", {}}};
    header.transactions = {{0, "boot", {"basic.target", "multi-user.target"}, {}}};
  }

  JudgedBoot& says(std::string data, std::int64_t pid = 1) {
    wire::Message message;
    message.data = std::move(data);
    message.pid = pid;
    return add(message);
  }
  JudgedBoot& does(std::string action, std::optional<std::string> argument = {}) {
    return add(wire::Action{std::move(action), std::move(argument)});
  }
  JudgedBoot& shows(std::string subject, std::string value) {
    return add(wire::Observation{std::move(subject), std::move(value)});
  }
  JudgedBoot& is_started() { return add(wire::Phase{wire::PhaseName::kStarted}); }
  JudgedBoot& is_ready() { return add(wire::Phase{wire::PhaseName::kReady}); }
  JudgedBoot& is_gone() { return add(wire::Phase{wire::PhaseName::kGone}); }

  JudgedBoot& boots() {
    return says("X_SYSTEMD_HOSTNAME=vessel")
        .says("X_SYSTEMD_MACHINE_ID=0123456789abcdef0123456789abcdef")
        .says("X_SYSTEMD_SIGNALS_LEVEL=2")
        .says("X_SYSTEMD_UNIT_ACTIVE=basic.target")
        .says("X_SYSTEMD_UNIT_ACTIVE=multi-user.target")
        .says("READY=1\nSTATUS=Ready.");
  }

  /// What comes next comes so much later.
  JudgedBoot& later(std::int64_t usec) {
    t_usec_ += usec;
    return *this;
  }

  Judgement on(std::string_view id) const {
    Judge judge(requirements_, header, systemd_, profile_);
    for (std::size_t i = 0; i < events_.size(); ++i) judge.see(events_[i], i + 2);
    for (const Judgement& judgement : judge.conclude())
      if (judgement.requirement->id == id) return judgement;
    return {};
  }

  Verdict verdict(std::string_view id) const { return on(id).verdict; }

  std::vector<std::string> failures() const {
    Judge judge(requirements_, header, systemd_, profile_);
    for (std::size_t i = 0; i < events_.size(); ++i) judge.see(events_[i], i + 2);
    std::vector<std::string> out;
    for (const Judgement& judgement : judge.conclude())
      if (judgement.verdict == Verdict::kFail) out.push_back(judgement.requirement->id);
    return out;
  }

  wire::TraceHeader header;

 protected:
  template <typename Body>
  JudgedBoot& add(Body body) {
    t_usec_ += 1000;
    events_.push_back({t_usec_, std::move(body)});
    return *this;
  }

 private:
  std::vector<Requirement> requirements_;
  int systemd_;
  Profile profile_;
  std::vector<wire::Event> events_;
  std::int64_t t_usec_ = -1000;
};

/// The same in a machine, over AF_VSOCK: PID 1 sends from port 1023, over a connection of its own each time.
class JudgedMachine : public JudgedBoot {
 public:
  explicit JudgedMachine(std::optional<std::string> credential = "vsock:2:9000",
                         std::string offers = "stream seqpacket", int systemd = 257)
      : JudgedBoot(every_requirement(Level::kMust, 254), systemd) {
    header.vantage = "vm";
    header.transport = "vsock-seqpacket";
    header.manager_pid.reset();
    is_started();
    shows("device-offers", std::move(offers));
    if (credential) does("notify-socket", std::move(credential));
  }

  JudgedMachine& hears(std::string data, std::string type = "seqpacket", std::uint32_t port = 1023) {
    return hears_on(connection_ + 1, std::move(data), std::move(type), port);
  }
  JudgedMachine& hears_on(std::int64_t connection, std::string data, std::string type = "seqpacket",
                          std::uint32_t port = 1023, bool truncated = false) {
    wire::Message message;
    message.data = std::move(data);
    message.peer_cid = 4;
    message.peer_port = port;
    message.socket_type = std::move(type);
    message.truncated = truncated;
    message.connection = connection_ = connection;
    add(message);
    return *this;
  }
  /// One message of the exam, which speaks from a port that is open to all.
  JudgedMachine& examines(const std::string& name, const std::string& rest = "",
                          std::string type = "seqpacket") {
    return hears("X_NOTIFYSPEC_CASE=" + name + "\n" + rest, std::move(type), 40000);
  }
  /// What the exam says of a case.
  JudgedMachine& says_of(std::string answer) {
    shows("exam", std::move(answer));
    return *this;
  }

  JudgedMachine& boots_over(const std::string& type) {
    for (const char* data :
         {"X_SYSTEMD_HOSTNAME=vessel", "X_SYSTEMD_MACHINE_ID=0123456789abcdef0123456789abcdef",
          "X_SYSTEMD_SIGNALS_LEVEL=2", "X_SYSTEMD_UNIT_ACTIVE=basic.target",
          "X_SYSTEMD_UNIT_ACTIVE=multi-user.target", "READY=1\nSTATUS=Ready."})
      hears(data, type);
    return *this;
  }

 private:
  std::int64_t connection_ = -1;
};

}  // namespace notifyspec::verdict
