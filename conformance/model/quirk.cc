#include "model/quirk.h"

#include <array>

namespace notifyspec::model {
namespace {

using enum Quirk;

// Versions are those between which a difference was seen: 252, 254, 257 and 262; where a text or the field's
// own history names one between them, that one.
constexpr std::array kRows = {
    QuirkRow{kSizeLimit, "size-limit", false, 0, kNever, "a datagram of more than 4096 bytes is dropped",
             "the receive buffer; no text has a limit"},
    QuirkRow{kNulRules, "nul-rules", false, 0, kNever,
             "one trailing NUL is no part of the datagram, any other drops it",
             "the datagram is handled as a C string; no text speaks of it"},
    QuirkRow{kCarriageReturn, "carriage-return", false, 0, kNever, "a carriage return ends a line, too",
             "one set of line ends for all that systemd splits; the text has newlines only"},
    QuirkRow{
        kEscape, "escape", false, 0, kNever,
        "a backslash is dropped and keeps what follows it from its meaning; at the end it drops the datagram",
        "the splitter is one for command lines; no text speaks of it"},
    QuirkRow{kFirstEvenInvalid, "first-even-invalid", false, 0, kNever,
             "of several values of a field the first counts, even where it is none",
             "the field is looked up once, then read; without the quirk the first good one counts"},
    QuirkRow{kLenientNumbers, "lenient-numbers", false, 0, kNever,
             "a number may have leading blanks, a sign and the prefixes of the C library",
             "the text has decimal strings; a leading 0 makes it octal"},
    QuirkRow{kErrnoNames, "errno-names", false, 0, kNever, "ERRNO= may be a name",
             "the text has numbers only"},
    QuirkRow{kLastLifecycleWins, "last-lifecycle-wins", false, 0, 253,
             "of READY, RELOADING and STOPPING in one datagram the last counts",
             "253 brought notify-reload, and an order of rank: STOPPING, READY, RELOADING"},
    QuirkRow{kStopIsFinal, "stop-is-final", true, 259, kNever,
             "after STOPPING=1 READY and RELOADING are refused", "sd_notify(3) of 259"},
    QuirkRow{kStopWaitsForStart, "stop-waits-for-start", false, 0, kNever,
             "STOPPING=1 while starting changes nothing that can be seen",
             "the state is kept until the start is over"},
    QuirkRow{kStopWaitsForReload, "stop-waits-for-reload", false, 0, 253,
             "STOPPING=1 while reloading changes nothing that can be seen",
             "253 let a service stop while it reloads"},
    QuirkRow{kNotifyReload, "notify-reload", true, 253, kNever, "Type=notify-reload is known",
             "systemd.service(5) of 253; unknown, it is as if no type were given"},
    QuirkRow{kNotifyAccess, "notify-access", true, 254, kNever, "NOTIFYACCESS= is interpreted",
             "sd_notify(3) of 254"},
    QuirkRow{kInvalidAccessResets, "invalid-access-resets", false, 254, kNever,
             "a NOTIFYACCESS= that is none takes back an earlier one",
             "what could not be read is stored as no override"},
    QuirkRow{kInvalidStatusClears, "invalid-status-clears", false, 0, kNever,
             "a STATUS= that is not UTF-8 clears the text", "what could not be read is stored as no text"},
    QuirkRow{kNoNoncharacters, "no-noncharacters", false, 0, kNever,
             "noncharacters of Unicode are no UTF-8 text", "its check is narrower than RFC 3629"},
    QuirkRow{kErrorNames, "error-names", true, 257, kNever, "BUSERROR= and VARLINKERROR= are interpreted",
             "documented since 233 and 257; 254 interprets neither"},
    QuirkRow{kNoQuotesInErrorNames, "no-quotes-in-error-names", false, 257, kNever,
             "an error name with a quote or a backslash is none", "its notion of a safe string"},
    QuirkRow{kNoGlobsInErrorNames, "no-globs-in-error-names", false, 262, kNever,
             "an error name with * ? or [ is none", "262 has another notion of a safe string"},
    QuirkRow{kMainPidFd, "main-pid-fd", true, 257, kNever, "MAINPIDFDID= and MAINPIDFD=1 are interpreted",
             "sd_notify(3) of 257"},
    QuirkRow{kMainPidWhileStopping, "main-pid-while-stopping", true, 257, kNever,
             "MAINPID= counts while the service stops, too", "no text excepts a state; 254 does"},
    QuirkRow{kRestartReset, "restart-reset", true, 258, kNever, "RESTART_RESET=1 is interpreted",
             "sd_notify(3) of 258"},
    QuirkRow{kRestartResetWhileRunning, "restart-reset-while-running", false, 258, kNever,
             "RESTART_RESET=1 counts only while the service runs", "no text excepts a state"},
    QuirkRow{kEmptyFdName, "empty-fd-name", false, 0, kNever, "an FDNAME= may be empty",
             "the text asks for characters of a kind, and no least number of them"},
    QuirkRow{kBoundedExtension, "bounded-extension", false, 0, kNever,
             "EXTEND_TIMEOUT_USEC= of 0 and of 2^64-1 changes nothing", "both mean no time there"},
    QuirkRow{kStartForgetsKeepAlive, "start-forgets-keep-alive", false, 0, kNever,
             "the end of the start hides that there was a keep-alive before it",
             "the watchdog runs from there on, and no earlier time is kept"},
    QuirkRow{kStopForgetsKeepAlive, "stop-forgets-keep-alive", false, 0, kNever,
             "the begin of the stop hides that there was a keep-alive before it",
             "the watchdog is stopped there, and its time forgotten"},
    QuirkRow{kIntervalFeedsWatchdog, "interval-feeds-watchdog", false, 0, kNever,
             "WATCHDOG_USEC= counts as a keep-alive", "the new interval runs from there on"},
    QuirkRow{kOnlyARunningWatchdogIsFed, "only-a-running-watchdog-is-fed", false, 0, kNever,
             "with an interval of 0 or 2^64-1 there is no keep-alive, and none that was",
             "a watchdog that is off is stopped, and its time forgotten"},
};

constexpr bool is_in_order() {
  for (std::size_t place = 0; place < kRows.size(); ++place) {
    if (kRows[place].quirk != static_cast<Quirk>(place)) return false;
  }
  return kRows.size() == kQuirkCount;
}
static_assert(is_in_order(), "one row for each quirk, in their order");

}  // namespace

std::span<const QuirkRow> quirks() {
  return kRows;
}

}  // namespace notifyspec::model
