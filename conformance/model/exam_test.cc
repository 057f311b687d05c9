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
  const wire::Message empty;
  EXPECT_FALSE(exam_message(empty));
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
  const wire::Observation sent{"exam", "order sent 16"};
  EXPECT_EQ(exam_answer(sent)->name, "order");
  EXPECT_EQ(exam_answer(sent)->outcome, "sent");
  EXPECT_EQ(exam_answer(sent)->rest, "16");
  const wire::Observation failed{"exam", "each failed connect ECONNRESET"};
  EXPECT_EQ(exam_answer(failed)->rest, "connect ECONNRESET");
  const wire::Observation short_one{"exam", "refused"};
  EXPECT_EQ(exam_answer(short_one)->outcome, "");
  const wire::Observation other{"booted", "order sent 16"};
  EXPECT_FALSE(exam_answer(other));
}

TEST(Exam, TakesTheFirstNameAndPartsThatAreNumbers) {
  const auto odd =
      message("X_NOTIFYSPEC_CASE=a\nX_NOTIFYSPEC_CASE=b\nX_NOTIFYSPEC_PART=x\nX_NOTIFYSPEC_PART=1");
  EXPECT_EQ(exam_message(odd)->name, "a");
  EXPECT_EQ(exam_message(odd)->parts, 2U);
}

}  // namespace
}  // namespace notifyspec::model
