#include "verdict/rule_table.h"

#include <algorithm>
#include <array>

#include "verdict/credential_rules.h"
#include "verdict/device_rules.h"
#include "verdict/field_rules.h"
#include "verdict/half_close_rules.h"
#include "verdict/initrd_rules.h"
#include "verdict/name_rule.h"
#include "verdict/ready_rules.h"
#include "verdict/receiver_rules.h"
#include "verdict/sender_rules.h"
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

std::unique_ptr<Rule> no_identity_in_initrd(const Header&) {
  return std::make_unique<SilentInInitrd>(std::initializer_list<std::string_view>{kHostname, kMachineId});
}

std::unique_ptr<Rule> no_units_in_initrd(const Header&) {
  return std::make_unique<SilentInInitrd>(
      std::initializer_list<std::string_view>{"X_SYSTEMD_UNIT_ACTIVE", "X_SYSTEMD_UNIT_INACTIVE"});
}

std::unique_ptr<Rule> level_before_units(const Header&) {
  return std::make_unique<BeforeUnits>(std::initializer_list<std::string_view>{kLevel});
}

constexpr std::array kRules = {
    RuleRow{"boot.hostname.sent", Needs::kAllWords, plain<SentBeforeReady, kHostname>},
    RuleRow{"boot.hostname.valid", Needs::kWords, plain<ValidValues, kHostname>},
    RuleRow{"boot.hostname.matches", Needs::kWords,
            plain<MatchesSystem, kHostname, &Header::hostname, kSetHostname>},
    RuleRow{"boot.machine-id.sent", Needs::kAllWords, plain<SentBeforeReady, kMachineId>},
    RuleRow{"boot.machine-id.valid", Needs::kWords, plain<ValidValues, kMachineId>},
    RuleRow{"boot.machine-id.matches", Needs::kWords,
            plain<MatchesSystem, kMachineId, &Header::machine_id, kNever>},
    RuleRow{"boot.signals-level.sent", Needs::kAllWords, plain<SentBeforeReady, kLevel>},
    RuleRow{"boot.signals-level.unsigned-decimal", Needs::kWords, plain<ValidValues, kLevel>},
    RuleRow{"boot.signals-level.at-least-2", Needs::kWords, plain<AtLeast, kLevel, std::uint64_t{2}>},
    RuleRow{"boot.signals-level.before-processes", Needs::kAllWords, headed<LevelBeforeProcesses>},
    RuleRow{"boot.signals-level.signals-work", Needs::kWords, headed<SignalsWork>},
    RuleRow{"boot.unit.active-complete", Needs::kAllWords, plain<Complete, Complete::Of::kEntered>},
    RuleRow{"boot.unit.inactive-complete", Needs::kAllWords, plain<Complete, Complete::Of::kLeft>},
    RuleRow{"boot.unit.dependency-order", Needs::kWords, headed<Ordered, Ordered::Way::kUp>},
    RuleRow{"boot.ready.sent", Needs::kAllWords, plain<ReadySent>},
    RuleRow{"boot.ready.not-before-boot-finished", Needs::kWords, plain<ReadyHeldBack>},
    RuleRow{"boot.reload.reloading-then-ready", Needs::kAllWords, headed<ReloadAnnounced>},
    RuleRow{"boot.shutdown.exit-status", Needs::kWords, plain<ExitStatus>},
    RuleRow{"boot.shutdown.verb", Needs::kWords, plain<ShutdownVerb>},
    RuleRow{"boot.shutdown.reboot-parameter", Needs::kWords, plain<RebootParameter>},
    RuleRow{"boot.notify-socket.consumed", Needs::kWords, plain<SocketConsumed>},
    RuleRow{"boot.notify-socket.not-inherited", Needs::kNothing, plain<SocketNotInherited>},
    RuleRow{"boot.hostname.not-repeated", Needs::kWords, plain<OncePerLife, kHostname>},
    RuleRow{"boot.machine-id.not-repeated", Needs::kWords, plain<OncePerLife, kMachineId>},
    RuleRow{"boot.hostname.silent-on-later-change", Needs::kWords,
            plain<SilentAfterAction, kHostname, kSetHostname>},
    RuleRow{"boot.identity-before-units", Needs::kAllWords, identity_before_units},
    RuleRow{"boot.signals-level.before-units", Needs::kAllWords, level_before_units},
    RuleRow{"boot.unit.targets-only", Needs::kWords, plain<TargetsOnly>},
    RuleRow{"boot.unit.no-repeat", Needs::kWords, plain<NoRepeat>},
    RuleRow{"boot.unit.active-before-inactive", Needs::kAllWords, plain<ActiveBeforeInactive>},
    RuleRow{"boot.unit.stop-order", Needs::kWords, headed<Ordered, Ordered::Way::kDown>},
    RuleRow{"boot.reload.monotonic-usec", Needs::kWords, headed<ReloadTimed>},
    RuleRow{"boot.shutdown.nothing-after", Needs::kWords, plain<NothingAfterEnd>},
    RuleRow{"boot.one-field-per-extension-message", Needs::kWords, plain<AloneInMessage>},
    RuleRow{"boot.initrd.silent-on-identity", Needs::kWords, no_identity_in_initrd},
    RuleRow{"boot.initrd.silent-on-units", Needs::kWords, no_units_in_initrd},
    RuleRow{"boot.credential.vsock-address", Needs::kAllWords, plain<ReadyOverVsock>},
    RuleRow{"boot.credential.unix-address", Needs::kNothing, plain<ReadyOverUnix>},
    RuleRow{"boot.credential.malformed-harmless", Needs::kNothing,
            plain<BootsAllTheSame, BootsAllTheSame::Credential::kMalformed>},
    RuleRow{"boot.credential.missing-harmless", Needs::kNothing,
            plain<BootsAllTheSame, BootsAllTheSame::Credential::kMissing>},
    RuleRow{"boot.credential.undeliverable-harmless", Needs::kNothing,
            plain<BootsAllTheSame, BootsAllTheSame::Credential::kUndeliverable>},
    RuleRow{"sender.private-extension-prefixed", Needs::kWords, plain<PrivateNamesPrefixed>},
    RuleRow{"sender.vsock-type-forced", Needs::kNothing, plain<TypeForced>},
    RuleRow{"sender.vsock-fallback-to-seqpacket", Needs::kAllWords, plain<FallsBackToSeqpacket>},
    RuleRow{"sender.vsock-fallback-to-stream", Needs::kNothing, plain<FallbackEndsBeforeStream>},
    RuleRow{"sender.vsock-privileged-port", Needs::kNothing, plain<PrivilegedPort>},
    RuleRow{"sender.vsock-one-connection-per-message", Needs::kNothing, plain<ConnectionOfItsOwn>},
    RuleRow{"receiver.vsock-accepts-each-message", Needs::kNothing, plain<AcceptsEachMessage>},
    RuleRow{"receiver.vsock-joins-stream-segments", Needs::kNothing, plain<JoinsSegments>},
    RuleRow{"receiver.vsock-closes-after-eof", Needs::kNothing, plain<ClosesAfterEof>},
    RuleRow{"receiver.vsock-stalled-peer-does-not-block", Needs::kNothing, plain<StalledPeerBlocksNobody>},
    RuleRow{"receiver.vsock-unprivileged-port-distrusted", Needs::kNothing, plain<DistrustsUnprivilegedPort>},
    RuleRow{"device.message-boundary", Needs::kNothing, plain<MessageBoundary>},
    RuleRow{"device.order-across-connections", Needs::kNothing, plain<OrderAcrossConnections>},
    RuleRow{"device.half-close", Needs::kNothing, plain<HalfCloseCarried>},
    RuleRow{"device.refuses-unlistened-port", Needs::kNothing, plain<RefusesUnlistenedPort>},
    RuleRow{"device.seqpacket-not-offered", Needs::kNothing, plain<SeqpacketNotOffered>},
};

}  // namespace

std::span<const RuleRow> rule_table() {
  return kRules;
}

const RuleRow* find_rule(std::string_view id) {
  const auto* row = std::ranges::find(kRules, id, &RuleRow::requirement);
  return row == kRules.end() ? nullptr : row;
}

}  // namespace notifyspec::verdict
