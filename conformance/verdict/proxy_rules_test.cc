#include "verdict/proxy_rules.h"

#include <gtest/gtest.h>

namespace notifyspec::verdict {
namespace {

std::vector<wire::Message> messages(const std::vector<std::string>& data) {
  std::vector<wire::Message> out;
  for (const std::string& each : data) out.push_back({.data = each});
  return out;
}

Requirement requirement(const char* id, Level level) {
  Requirement out;
  out.id = id;
  out.role = "proxy";
  out.level = level;
  return out;
}

Verdict verdict(const char* id, Level level, const Pair& pair, const std::vector<std::string>& documented) {
  const std::vector<Requirement> table = {requirement(id, level)};
  const auto found = judge_pair(table, pair, documented);
  return found.at(0).verdict;
}

Pair pair(const std::vector<std::string>& in, const std::vector<std::string>& out, const char* barrier = "") {
  return {messages(in), messages(out), barrier};
}

TEST(ProxyRules, WhatIsPromisedFailsAndWhatIsNotIsObserved) {
  const char* const id = "proxy.ready-forwarded";
  const Pair lost = pair({"READY=1"}, {});
  EXPECT_EQ(verdict(id, Level::kObserved, lost, {id}), Verdict::kFail);
  EXPECT_EQ(verdict(id, Level::kObserved, lost, {}), Verdict::kSkip);
  EXPECT_EQ(verdict(id, Level::kObserved, pair({"READY=1"}, {"READY=1\nSTATUS=x"}), {id}), Verdict::kPass);
  EXPECT_EQ(verdict(id, Level::kObserved, pair({"STATUS=x"}, {}), {id}), Verdict::kSkip);
}

TEST(ProxyRules, ReadyThatNobodySaidIsSeen) {
  const char* const id = "proxy.ready-only-when-ready";
  EXPECT_EQ(verdict(id, Level::kObserved, pair({"STATUS=x"}, {"READY=1"}), {id}), Verdict::kFail);
  EXPECT_EQ(verdict(id, Level::kObserved, pair({"STATUS=x"}, {"STATUS=x"}), {id}), Verdict::kPass);
}

TEST(ProxyRules, APartOfALineThatComesOutAsALineIsAWarning) {
  const char* const id = "proxy.no-line-injection";
  const std::string sly = "STATUS=a\rX_MARK=1";
  EXPECT_EQ(verdict(id, Level::kShould, pair({sly}, {"STATUS=a\nX_MARK=1"}), {}), Verdict::kWarn);
  EXPECT_EQ(verdict(id, Level::kShould, pair({sly}, {"STATUS=it says: a\rX_MARK=1"}), {}), Verdict::kWarn);
  EXPECT_EQ(verdict(id, Level::kShould, pair({sly}, {sly}), {}), Verdict::kPass) << "it decides nothing";
  EXPECT_EQ(verdict(id, Level::kShould, pair({sly}, {"STATUS=a"}), {}), Verdict::kPass);
  EXPECT_EQ(verdict(id, Level::kShould, pair({sly, "X_MARK=1"}, {"X_MARK=1"}), {}), Verdict::kPass)
      << "it went in as a line, too";
}

TEST(ProxyRules, SomethingBadBeforeReadyMayNotSwallowIt) {
  const char* const id = "proxy.survives-bad-datagram";
  for (const std::string& bad :
       {std::string(), std::string(4097, 'a'), std::string("A=\0", 3), std::string("\xff")}) {
    EXPECT_EQ(verdict(id, Level::kShould, pair({bad, "READY=1"}, {}), {}), Verdict::kWarn);
    EXPECT_EQ(verdict(id, Level::kShould, pair({bad, "READY=1"}, {"READY=1"}), {}), Verdict::kPass);
    EXPECT_EQ(verdict(id, Level::kShould, pair({"READY=1", bad}, {}), {}), Verdict::kSkip);
  }
}

TEST(ProxyRules, OrderAndBarrierAreSeen) {
  EXPECT_EQ(verdict("proxy.order-kept", Level::kMust, pair({"A=1", "B=1"}, {"B=1", "A=1"}), {}),
            Verdict::kFail);
  EXPECT_EQ(verdict("proxy.order-kept", Level::kMust, pair({"A=1", "B=1"}, {"A=1", "B=1"}), {}),
            Verdict::kPass);
  EXPECT_EQ(verdict("proxy.order-kept", Level::kMust, pair({"A=1", "B=1"}, {"A=1"}), {}), Verdict::kSkip);
  EXPECT_EQ(verdict("proxy.barrier-honoured", Level::kMust, pair({}, {}, "open"), {}), Verdict::kFail);
  EXPECT_EQ(verdict("proxy.barrier-honoured", Level::kMust, pair({}, {}, "closed"), {}), Verdict::kPass);
  EXPECT_EQ(verdict("proxy.barrier-honoured", Level::kMust, pair({}, {}), {}), Verdict::kSkip);
}

}  // namespace
}  // namespace notifyspec::verdict
