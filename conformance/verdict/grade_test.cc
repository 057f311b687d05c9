#include "verdict/grade.h"

#include <gtest/gtest.h>

namespace notifyspec::verdict {
namespace {

std::vector<Requirement> requirements(Level level, int since = 0) {
  Requirement one;
  one.id = "receiver.a";
  one.role = "receiver";
  one.level = level;
  one.since = since;
  return {one};
}

Vector vector(Level level) {
  Vector out;
  out.id = "receiver/a/b";
  out.role = "receiver";
  out.requirements = {"receiver.a"};
  out.level = level;
  out.expect.resize(2);
  out.expect[0].members = {{"status", "up"}, {"state", "running"}};
  out.expect[1].members = {{"status", "down"}};
  return out;
}

VectorOutcome concluded(std::map<std::string, std::string, std::less<>> members) {
  VectorOutcome out;
  out.conclusion.members = std::move(members);
  return out;
}

VectorOutcome failed(OutcomeKind kind) {
  VectorOutcome out;
  out.kind = kind;
  out.reason = "so";
  return out;
}

VectorGrade graded(Level level, const VectorOutcome* outcome, const Yardstick& yardstick = {}) {
  static Vector kept;
  kept = vector(level);
  return grade(kept, requirements(level), outcome, yardstick);
}

TEST(Grade, IsPassWhereOneOfTheAllowedConclusionsIsMet) {
  for (const auto& outcome :
       {concluded({{"status", "up"}, {"state", "running"}}), concluded({{"status", "down"}})}) {
    const VectorGrade grade = graded(Level::kMust, &outcome);
    EXPECT_EQ(grade.verdict, Verdict::kPass);
    EXPECT_EQ(grade.as_described, true);
  }
}

TEST(Grade, SaysWhatWasSeenAgainstTheNearestConclusion) {
  const auto outcome = concluded({{"status", "sideways"}});
  const VectorGrade grade = graded(Level::kMust, &outcome);
  EXPECT_EQ(grade.verdict, Verdict::kFail);
  EXPECT_EQ(grade.as_described, false);
  EXPECT_EQ(grade.expected, "state \"running\"; status \"up\", or status \"down\"");
  EXPECT_EQ(grade.seen, "status \"sideways\"");
  EXPECT_EQ(grade.conclusion->members.at("status"), "sideways");
}

TEST(Grade, OfAShouldWarnsAndOfTheObservedFailsNobody) {
  const auto outcome = concluded({});
  EXPECT_EQ(graded(Level::kShould, &outcome).verdict, Verdict::kWarn);
  const VectorGrade observed = graded(Level::kObserved, &outcome);
  EXPECT_EQ(observed.verdict, Verdict::kSkip);
  EXPECT_EQ(observed.as_described, false);
  EXPECT_FALSE(observed.seen.empty());
}

TEST(Grade, OfTheObservedUnderAProfileIsByWhatThatVersionWasSeenToDo) {
  Vector seen = vector(Level::kObserved);
  seen.systemd[262].members = {{"status", "other"}};
  const Yardstick yardstick = {.profile = {.observed_systemd = 262}, .systemd = {}};
  const auto same = concluded({{"status", "other"}, {"extend_timeout_usec", "5"}});
  const auto allowed = concluded({{"status", "down"}});
  const auto table = requirements(Level::kObserved);
  EXPECT_EQ(grade(seen, table, &same, yardstick).verdict, Verdict::kPass);
  EXPECT_EQ(grade(seen, table, &allowed, yardstick).verdict, Verdict::kFail);
  seen.systemd.clear();  // not confirmed: the vector's own words stand
  EXPECT_EQ(grade(seen, table, &allowed, yardstick).verdict, Verdict::kPass);
}

TEST(Grade, OfACrashAndAHangIsNotMet) {
  for (const OutcomeKind kind : {OutcomeKind::kCrash, OutcomeKind::kHang}) {
    const auto outcome = failed(kind);
    EXPECT_EQ(graded(Level::kMust, &outcome).verdict, Verdict::kFail);
    EXPECT_EQ(graded(Level::kShould, &outcome).verdict, Verdict::kWarn);
    EXPECT_EQ(graded(Level::kMust, &outcome).seen, std::string(name(kind)) + ": so");
    EXPECT_TRUE(graded(Level::kMust, &outcome).adapter_failed);
    const auto table = requirements(Level::kMust);
    const Yardstick booted = {.profile = {}, .systemd = 262};
    EXPECT_FALSE(grade(vector(Level::kMust), table, &outcome, booted).adapter_failed);
  }
}

TEST(Grade, SaysNothingWhereNothingIsKnown) {
  const auto nonsense = failed(OutcomeKind::kNonsense);
  const auto unsupported = failed(OutcomeKind::kUnsupported);
  EXPECT_EQ(graded(Level::kMust, nullptr).verdict, Verdict::kInconclusive);
  EXPECT_FALSE(graded(Level::kMust, nullptr).adapter_failed);
  EXPECT_EQ(graded(Level::kMust, &nonsense).verdict, Verdict::kInconclusive);
  EXPECT_TRUE(graded(Level::kMust, &nonsense).adapter_failed);
  EXPECT_EQ(graded(Level::kMust, &unsupported).verdict, Verdict::kSkip);
}

TEST(Grade, OfASystemdThatIsOlderThanTheTextIsSkipped) {
  Vector since = vector(Level::kMust);
  since.since = 257;
  const auto outcome = concluded({});
  const auto table = requirements(Level::kMust, 254);
  const auto of = [&](int systemd) {
    return grade(since, table, &outcome, {.profile = {}, .systemd = systemd}).verdict;
  };
  EXPECT_EQ(of(256), Verdict::kSkip);
  EXPECT_EQ(of(257), Verdict::kFail);
  since.since.reset();
  EXPECT_EQ(of(253), Verdict::kSkip);
  EXPECT_EQ(of(254), Verdict::kFail);
}

TEST(Grade, AgainstAnotherIsByAllThatItConcludedAndCouldBeAsked) {
  auto other = concluded({{"status", "odd"}, {"errno", "4"}});
  other.unobserved = {"fd_names"};
  const Yardstick yardstick = {.profile = {}, .systemd = 252, .instead = &other};
  const auto same = concluded({{"status", "odd"}, {"errno", "4"}, {"fd_names", "a"}});
  const auto differs = concluded({{"status", "odd"}, {"errno", "4"}, {"fds_open", "1"}});
  EXPECT_EQ(graded(Level::kObserved, &same, yardstick).verdict, Verdict::kPass);
  EXPECT_EQ(graded(Level::kObserved, &differs, yardstick).verdict, Verdict::kFail);
  EXPECT_EQ(graded(Level::kObserved, &differs, yardstick).seen, "fds_open \"1\"");
}

TEST(RequirementGrade, IsTheWorstOfItsVectors) {
  const Vector one = vector(Level::kMust);
  const auto table = requirements(Level::kMust);
  const auto good = concluded({{"status", "down"}});
  const auto bad = concluded({});
  const auto cannot = failed(OutcomeKind::kUnsupported);
  std::vector<VectorGrade> grades = {grade(one, table, &good, {}), grade(one, table, &cannot, {})};
  auto found = grade_requirements(table, grades);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].verdict, Verdict::kPass);
  EXPECT_EQ(found[0].n_vectors, 2U);
  EXPECT_EQ(found[0].n_as_described, 1U);
  EXPECT_TRUE(found[0].against.empty());
  grades.push_back(grade(one, table, &bad, {}));
  found = grade_requirements(table, grades);
  EXPECT_EQ(found[0].verdict, Verdict::kFail);
  EXPECT_EQ(found[0].against, std::vector<std::string>{"receiver/a/b"});
  EXPECT_TRUE(grade_requirements(table, {}).empty());
}

}  // namespace
}  // namespace notifyspec::verdict
