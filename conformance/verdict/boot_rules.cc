#include "verdict/boot_rules.h"

#include <algorithm>
#include <array>

#include "verdict/field_rules.h"
#include "verdict/ready_rules.h"
#include "verdict/shutdown_rules.h"
#include "verdict/signal_rules.h"
#include "verdict/socket_rules.h"
#include "verdict/unit_rules.h"

namespace notifyspec::verdict {
namespace {

using Header = wire::TraceHeader;

/// A row whose rule is made from fixed arguments.
template <typename R, auto... arguments>
std::unique_ptr<Rule> plain(const Header&) {
  return std::make_unique<R>(arguments...);
}

/// A row whose rule reads the header.
template <typename R, auto... arguments>
std::unique_ptr<Rule> headed(const Header& header) {
  return std::make_unique<R>(arguments..., header);
}

constexpr const char kHostname[] = "X_SYSTEMD_HOSTNAME";
constexpr const char kMachineId[] = "X_SYSTEMD_MACHINE_ID";
constexpr const char kLevel[] = "X_SYSTEMD_SIGNALS_LEVEL";
constexpr const char kSetHostname[] = "set-hostname";
constexpr const char kNever[] = "";

std::unique_ptr<Rule> identity_before_units(const Header&) {
  return std::make_unique<BeforeUnits>(std::initializer_list<std::string_view>{kHostname, kMachineId});
}

std::unique_ptr<Rule> level_before_units(const Header&) {
  return std::make_unique<BeforeUnits>(std::initializer_list<std::string_view>{kLevel});
}

constexpr std::array kRules = {
    BootRule{"boot.hostname.sent", plain<SentBeforeReady, kHostname>},
    BootRule{"boot.hostname.valid", plain<ValidValues, kHostname>},
    BootRule{"boot.hostname.matches", plain<MatchesSystem, kHostname, &Header::hostname, kSetHostname>},
    BootRule{"boot.machine-id.sent", plain<SentBeforeReady, kMachineId>},
    BootRule{"boot.machine-id.valid", plain<ValidValues, kMachineId>},
    BootRule{"boot.machine-id.matches", plain<MatchesSystem, kMachineId, &Header::machine_id, kNever>},
    BootRule{"boot.signals-level.sent", plain<SentBeforeReady, kLevel>},
    BootRule{"boot.signals-level.unsigned-decimal", plain<ValidValues, kLevel>},
    BootRule{"boot.signals-level.at-least-2", plain<AtLeast, kLevel, std::uint64_t{2}>},
    BootRule{"boot.signals-level.before-processes", plain<LevelBeforeProcesses>},
    BootRule{"boot.signals-level.signals-work", headed<SignalsWork>},
    BootRule{"boot.unit.active-complete", plain<Complete, Complete::Of::kEntered>},
    BootRule{"boot.unit.inactive-complete", plain<Complete, Complete::Of::kLeft>},
    BootRule{"boot.unit.dependency-order", headed<Ordered, Ordered::Way::kUp>},
    BootRule{"boot.ready.sent", plain<ReadySent>},
    BootRule{"boot.ready.not-before-boot-finished", plain<ReadyHeldBack>},
    BootRule{"boot.reload.reloading-then-ready", headed<ReloadAnnounced>},
    BootRule{"boot.shutdown.exit-status", plain<ExitStatus>},
    BootRule{"boot.shutdown.verb", plain<ShutdownVerb>},
    BootRule{"boot.shutdown.reboot-parameter", plain<RebootParameter>},
    BootRule{"boot.notify-socket.consumed", plain<SocketConsumed>},
    BootRule{"boot.notify-socket.not-inherited", plain<SocketNotInherited>},
    BootRule{"boot.hostname.not-repeated", plain<OncePerLife, kHostname>},
    BootRule{"boot.machine-id.not-repeated", plain<OncePerLife, kMachineId>},
    BootRule{"boot.hostname.silent-on-later-change", plain<SilentAfterAction, kHostname, kSetHostname>},
    BootRule{"boot.identity-before-units", identity_before_units},
    BootRule{"boot.signals-level.before-units", level_before_units},
    BootRule{"boot.unit.targets-only", plain<TargetsOnly>},
    BootRule{"boot.unit.no-repeat", plain<NoRepeat>},
    BootRule{"boot.unit.active-before-inactive", plain<ActiveBeforeInactive>},
    BootRule{"boot.unit.stop-order", headed<Ordered, Ordered::Way::kDown>},
    BootRule{"boot.reload.monotonic-usec", headed<ReloadTimed>},
    BootRule{"boot.shutdown.nothing-after", plain<NothingAfterEnd>},
    BootRule{"boot.one-field-per-extension-message", plain<AloneInMessage>},
};

}  // namespace

std::span<const BootRule> boot_rules() {
  return kRules;
}

const BootRule* find_boot_rule(std::string_view id) {
  const auto* row = std::ranges::find(kRules, id, &BootRule::requirement);
  return row == kRules.end() ? nullptr : row;
}

}  // namespace notifyspec::verdict
