#include "field/value.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace notifyspec::field {
namespace {

using enum ValueType;

struct Good {
  ValueType type;
  std::string_view text;
  Value value;
};

TEST(Value, IsReadAsItsTypeSays) {
  const std::vector<Good> table = {
      {kFlag, "1", std::uint64_t{1}},
      {kZeroFlag, "0", std::uint64_t{0}},
      {kWatchdog, "1", "1"},
      {kWatchdog, "trigger", "trigger"},
      {kText, "", ""},
      {kText, "Gr\xc3\xbc\xc3\x9f dich", "Gr\xc3\xbc\xc3\x9f dich"},
      {kUnsigned, "0", std::uint64_t{0}},
      {kUnsigned, "002", std::uint64_t{2}},
      {kUnsigned, "18446744073709551615", std::uint64_t{18446744073709551615U}},
      {kUsec, "20000000", std::uint64_t{20000000}},
      {kPid, "1", std::uint64_t{1}},
      {kPid, "2147483647", std::uint64_t{2147483647}},
      {kErrno, "4095", std::uint64_t{4095}},
      {kExitStatus, "255", std::uint64_t{255}},
      {kErrorName, "org.freedesktop.DBus.Error.TimedOut", "org.freedesktop.DBus.Error.TimedOut"},
      {kErrorName, "", ""},
      {kFdName, "a b", "a b"},
      {kNotifyAccess, "exec", "exec"},
      {kHostname, "a", "a"},
      {kHostname, "web-1.example", "web-1.example"},
      {kMachineId, "0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef"},
      {kUnitName, "basic.target", "basic.target"},
      {kUnitName, "dev-disk-by\\x2dlabel-a.device", "dev-disk-by\\x2dlabel-a.device"},
      {kUnitName, "getty@tty1.service", "getty@tty1.service"},
      {kShutdown, "kexec", "kexec"},
  };
  for (const Good& good : table) {
    const auto value = parse_value(good.type, good.text);
    ASSERT_TRUE(value) << name(good.type) << " \"" << good.text << "\": " << value.error().reason;
    EXPECT_EQ(*value, good.value) << name(good.type) << " \"" << good.text << '"';
  }
}

struct Bad {
  ValueType type;
  std::string text;
};

TEST(Value, IsRefusedWithAReason) {
  const std::vector<Bad> table = {
      {kFlag, ""},
      {kFlag, "0"},
      {kFlag, "10"},
      {kFlag, "1 "},
      {kZeroFlag, "1"},
      {kWatchdog, "Trigger"},
      {kText, "\xff"},
      {kUnsigned, ""},
      {kUnsigned, "-1"},
      {kUnsigned, "+1"},
      {kUnsigned, " 1"},
      {kUnsigned, "0x2"},
      {kUnsigned, "2.0"},
      {kUnsigned, "18446744073709551616"},
      {kUsec, "10s"},
      {kPid, "0"},
      {kPid, "2147483648"},
      {kErrno, "4096"},
      {kErrno, "ENOENT"},
      {kExitStatus, "256"},
      {kErrorName, "a\tb"},
      {kErrorName, "\xc3\xbc"},
      {kFdName, ""},
      {kFdName, "a:b"},
      {kFdName, std::string(256, 'a')},
      {kNotifyAccess, "ALL"},
      {kHostname, ""},
      {kHostname, "-a"},
      {kHostname, "a-"},
      {kHostname, "a."},
      {kHostname, "a..b"},
      {kHostname, "a b"},
      {kHostname, std::string(65, 'a')},
      {kMachineId, "0123456789ABCDEF0123456789ABCDEF"},
      {kMachineId, "0123456789abcdef0123456789abcde"},
      {kMachineId, std::string(32, '0')},
      {kMachineId, "01234567-89ab-cdef-0123-456789abcdef"},
      {kHostname, "a-.b"},
      {kMachineId, "g123456789abcdef0123456789abcdef"},
      {kUnitName, "basic"},
      {kUnitName, ".target"},
      {kUnitName, "basic.targets"},
      {kUnitName, "a b.target"},
      {kUnitName, std::string(249, 'a') + ".target"},
      {kShutdown, "halt "},
      {kShutdown, "Reboot"},
  };
  for (const Bad& bad : table) {
    const auto value = parse_value(bad.type, bad.text);
    EXPECT_FALSE(value) << name(bad.type) << " \"" << bad.text << "\" was accepted";
    if (!value) {
      EXPECT_FALSE(value.error().reason.empty());
    }
  }
}

TEST(Value, EveryTypeIsTotalOverAllSingleBytes) {
  for (int type = 0; type <= static_cast<int>(kShutdown); ++type)
    for (int byte = 0; byte < 256; ++byte) {
      const std::string text(1, static_cast<char>(byte));
      const auto value = parse_value(static_cast<ValueType>(type), text);
      if (!value) {
        EXPECT_FALSE(value.error().reason.empty()) << type << ' ' << byte;
      }
    }
}

TEST(Value, OfATypeThatIsInNoTableIsRefused) {
  EXPECT_FALSE(parse_value(static_cast<ValueType>(99), "1"));
}

}  // namespace
}  // namespace notifyspec::field
