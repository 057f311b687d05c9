#include "model/signal.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace notifyspec::model {
namespace {

TEST(SignalTable, NamesEachSignalOnceForEachManager) {
  std::set<std::string> seen;
  for (const SignalEffect& effect : signal_effects())
    EXPECT_TRUE(seen.insert(std::string(name(effect.manager)) + ' ' + std::string(effect.signal)).second)
        << effect.signal;
}

TEST(SignalTable, TellsTheManagersApart) {
  EXPECT_EQ(find_signal(ManagerKind::kSystem, "SIGTERM")->kind, EffectKind::kReexec);
  EXPECT_EQ(find_signal(ManagerKind::kUser, "SIGTERM")->kind, EffectKind::kShutdown);
  EXPECT_EQ(find_signal(ManagerKind::kSystem, "SIGRTMIN+24"), nullptr);
  EXPECT_EQ(find_signal(ManagerKind::kUser, "SIGWINCH"), nullptr);
}

TEST(SignalTable, GivesAPropertyForEachEffectThatIsOne) {
  for (const SignalEffect& effect : signal_effects()) {
    EXPECT_EQ(effect.kind == EffectKind::kProperty, effect.detail.find('=') != std::string_view::npos)
        << effect.signal;
    EXPECT_TRUE(effect.where == "container" || effect.where == "vm") << effect.signal;
  }
}

}  // namespace
}  // namespace notifyspec::model
