#include "verdict/name_rule.h"

#include <gtest/gtest.h>

#include "verdict/judged_boot.h"

namespace notifyspec::verdict {
namespace {

constexpr const char* kPrefixed = "sender.private-extension-prefixed";

TEST(PrivateNamesPrefixed, LetsPassWhatIsDocumentedAndWhatSaysThatItIsPrivate) {
  EXPECT_EQ(JudgedBoot().says("READY=1\nX_EXAMPLE_PHASE=1\nX_=2\n\nno assignment").on(kPrefixed).verdict,
            Verdict::kPass);
}

TEST(PrivateNamesPrefixed, DoesNotOfANameThatMayBeTakenOneDay) {
  const auto judged = JudgedBoot().says("READY=1").says("STATUS=up\nPHASE=2\nX_EXAMPLE=1").on(kPrefixed);
  EXPECT_EQ(judged.verdict, Verdict::kFail);
  EXPECT_NE(judged.seen.find("PHASE"), std::string::npos) << judged.seen;
  EXPECT_EQ(JudgedBoot().says("ready=1").on(kPrefixed).verdict, Verdict::kFail);
  EXPECT_EQ(JudgedBoot().says("x_example=1").on(kPrefixed).verdict, Verdict::kFail);
}

TEST(PrivateNamesPrefixed, SaysNothingOfSilence) {
  EXPECT_EQ(JudgedBoot().on(kPrefixed).verdict, Verdict::kSkip);
}

}  // namespace
}  // namespace notifyspec::verdict
