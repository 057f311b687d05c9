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

TEST(SignalTable, HasWords) {
  EXPECT_EQ(name(ManagerKind::kSystem), "system");
  EXPECT_EQ(name(ManagerKind::kUser), "user");
  EXPECT_EQ(name(EffectKind::kProperty), "property");
  EXPECT_EQ(name(EffectKind::kReload), "reload");
  EXPECT_EQ(name(EffectKind::kReexec), "reexec");
  EXPECT_EQ(name(EffectKind::kShutdown), "shutdown");
  EXPECT_EQ(name(EffectKind::kSoftReboot), "soft-reboot");
  EXPECT_EQ(name(static_cast<EffectKind>(9)), "unknown");
}

}  // namespace
}  // namespace notifyspec::model
