#include "model/exam.h"

#include <gtest/gtest.h>

namespace notifyspec::model {
namespace {

wire::Message message(std::string data) {
  wire::Message out;
  out.data = std::move(data);
  return out;
}

TEST(Exam, ReadsItsOwnMessages) {
  const auto order = message("X_NOTIFYSPEC_CASE=order\nX_NOTIFYSPEC_SEQUENCE=15");
  EXPECT_EQ(exam_message(order)->name, "order");
  EXPECT_EQ(exam_message(order)->sequence, 15U);
  const auto boundary = message("X_NOTIFYSPEC_CASE=boundary\nX_NOTIFYSPEC_LENGTH=100\nX_NOTIFYSPEC_PAD=aa");
  EXPECT_EQ(exam_message(boundary)->length, 100U);
  const auto joined = message("X_NOTIFYSPEC_CASE=segments\nX_NOTIFYSPEC_PART=1\nX_NOTIFYSPEC_PART=2\n");
  EXPECT_EQ(exam_message(joined)->parts, 0b110U);
}

TEST(Exam, KnowsTheMessagesOfOthers) {
  EXPECT_FALSE(is_exam(message("READY=1\nX_NOTIFYSPEC_CASE=order")));
  EXPECT_FALSE(exam_message(message("")));
}

TEST(Exam, TakesNoNumberThatIsNone) {
  const auto odd = message(
      "X_NOTIFYSPEC_CASE=order\nX_NOTIFYSPEC_SEQUENCE=1x\nX_NOTIFYSPEC_LENGTH=99999999999999999999\n"
      "X_NOTIFYSPEC_PART=64");
  EXPECT_FALSE(exam_message(odd)->sequence);
  EXPECT_FALSE(exam_message(odd)->length);
  EXPECT_EQ(exam_message(odd)->parts, 0U);
}

TEST(Exam, ReadsWhatIsSaidOfACase) {
  const auto sent = exam_answer(wire::Observation{"exam", "order sent 16"});
  EXPECT_EQ(sent->name, "order");
  EXPECT_EQ(sent->outcome, "sent");
  EXPECT_EQ(sent->rest, "16");
  EXPECT_EQ(exam_answer(wire::Observation{"exam", "each failed connect ECONNRESET"})->rest,
            "connect ECONNRESET");
  EXPECT_EQ(exam_answer(wire::Observation{"exam", "refused"})->outcome, "");
  EXPECT_FALSE(exam_answer(wire::Observation{"booted", "order sent 16"}));
}

}  // namespace
}  // namespace notifyspec::model
