// Invariants: however a VMM sets the whole device up, stops it and resets it, wherever a guest has its rings
// laid, and whatever it writes meanwhile, the device comes back from each step, and once the VMM and the host
// programs are gone, so are all connections.
//
// The input is a list of steps of four bytes: who does what. It goes to a service as it runs, over real
// sockets and in real shared memory; only signals and time are left out.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "fuzz_guest.h"
#include "fuzz_programs.h"
#include "fuzz_vmm.h"
#include "heap.h"
#include "invariant.h"
#include "vsock/guest_end.h"
#include "vsock/service.h"

using namespace notifyspec;
using namespace notifyspec::vsock;

namespace {

constexpr std::uint32_t kForward = 1234, kFirstOfHost = 1024;

struct Step {
  std::uint8_t kind, a, b, c;

  std::uint16_t wide() const { return static_cast<std::uint16_t>(b | c << 8); }
};

/// What outlives one input: memory that is mapped, and sockets that listen.
struct Surroundings {
  Surroundings() {
    // Standard input might be a pipe that has ended, which ends a service.
    const os::UniqueFd nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    require(nothing && ::dup2(nothing.get(), STDIN_FILENO) == STDIN_FILENO, "there is /dev/null");
    os::ignore_write_signals();
    require(::ftruncate(file.get(), RawGuest::kMemorySize) == 0, "there is memory");
  }
  HostAddress address(const char* name) const {
    return {.kind = Kind::kStream,
            .address = {.name = fmt::format("notifyspec-fuzz-{}-{}", getpid(), name), .abstract = true}};
  }

  os::UniqueFd file{memfd_create("guest", MFD_CLOEXEC)};
  Programs programs;
};

Surroundings& surroundings() {
  static Surroundings all;
  return all;
}

Programs& programs() {
  return surroundings().programs;
}

class World {
 public:
  World() : guest_(surroundings().file), service_(*Service::start(options())) {
    vmm_.emplace(surroundings().address("vmm"));
    turn();
  }

  void act(const Step& step) {
    switch (step.kind % 8) {
      case 0:
        return set_up(step);
      case 1:
        return place_ring(step);
      case 2:
        return send_packet(step);
      case 3:
        return guest_.write(step.wide(), step.a);
      case 4:
        return host_acts(step);
      case 5:
        return vmm_->kick(step.a);
      case 6:
        return answer(step);
      default:
        return replace_vmm(step);
    }
  }
  void turn() {
    require(service_->step(0).has_value(), "a service that goes on");
    if (vmm_) vmm_->hear();
  }
  /// Everybody goes.
  void end() {
    vmm_.reset();
    expect_no_connection();
    programs().all_go();  // also those that no connection leads to: the next input begins with none
  }

 private:
  static Service::Options options() {
    const Surroundings& around = surroundings();
    Service::Options options;
    options.socket = around.address("vmm");
    options.doors = {around.address("door")};
    options.settings = settings_of({{.port = 1234, .to = around.programs.streams().address()},
                                    {.port = 1234, .to = around.programs.messages().address()}},
                                   {"byte-back"});
    options.warn = [](std::string_view words) { require(!words.empty(), "a warning says something"); };
    return options;
  }
  /// The guest has forgotten all its connections: once the host programs go, too, nothing may be left of
  /// them.
  void expect_no_connection() {
    constexpr int kEnough = 64;
    turn();
    for (int i = 0; i < kEnough && service_->n_connections() > 0; ++i) {
      programs().all_go();
      turn();
    }
    require(service_->n_connections() == 0, "no connection outlives its guest and its host program");
  }
  void share_memory(std::uint64_t size) {
    const int fd = surroundings().file.get();
    vmm_->say(Request::kSetMemTable, {&fd, 1}, std::uint32_t{1}, std::uint32_t{0},
              SharedMemory::kGuestAddress, size, SharedMemory::kUserAddress, std::uint64_t{0});
  }
  /// One message that sets up or stops; all that a good device needs, where the step says so.
  void set_up(const Step& step) {
    const std::uint32_t index = step.b % 3;
    switch (step.a % 9) {
      case 0:
        return start_well(step);
      case 1:
        vmm_->say(Request::kGetVringBase, {}, index, std::uint32_t{0});
        // Either the ring stops, or the device stops talking to such a VMM.
        if (step.c % 2 == 1) expect_no_connection();
        return;
      case 2:
        return vmm_->say(Request::kSetVringEnable, {}, index, std::uint32_t{step.c} & 1U);
      case 3:
        return vmm_->say(Request::kSetVringNum, {}, index, std::uint32_t{1} << step.c % 32);
      case 4:
        return vmm_->say(Request::kSetVringBase, {}, index, std::uint32_t{step.c});
      case 5:
        return vmm_->say_ring_fd(step.c % 2 == 0 ? Request::kSetVringKick : Request::kSetVringCall,
                                 step.b % 3);
      case 6:
        return share_memory(step.c == 0 ? RawGuest::kMemorySize : std::uint64_t{step.wide()});
      case 7:
        return vmm_->say(Request::kResetOwner, {});
      default:
        return vmm_->say(Request::kSetFeatures, {}, std::uint64_t{step.b} << 26 | (step.c & 3U));
    }
  }
  void start_well(const Step& step) {
    vmm_->say(Request::kSetFeatures, {}, std::uint64_t{1} << 32 | std::uint64_t{step.b & 3U} << 28 | 3U);
    share_memory(RawGuest::kMemorySize);
    for (const std::uint8_t index : {std::uint8_t{0}, std::uint8_t{1}}) {
      const RingPlace place = guest_.ring(index).place();
      vmm_->say(Request::kSetVringNum, {}, std::uint32_t{index}, std::uint32_t{place.size});
      vmm_->say(Request::kSetVringBase, {}, std::uint32_t{index}, std::uint32_t{0});
      say_place(index, place.descriptors, place.used, place.available);
      vmm_->say_ring_fd(Request::kSetVringCall, index);
      vmm_->say_ring_fd(Request::kSetVringKick, index);
    }
  }
  void say_place(std::uint32_t index, std::uint64_t descriptors, std::uint64_t used,
                 std::uint64_t available) {
    vmm_->say(Request::kSetVringAddr, {}, index, std::uint32_t{0}, descriptors, used, available,
              std::uint64_t{0});
  }
  /// One part of a ring lies where another part of any ring lies, or anywhere at all.
  void place_ring(const Step& step) {
    const std::uint32_t index = step.a & 1U;
    const RingPlace& other = guest_.ring(step.a >> 1 & 1).place();
    const std::array<std::uint64_t, 4> places = {other.descriptors, other.available, other.used,
                                                 SharedMemory::kUserAddress + step.wide()};
    RingPlace place = guest_.ring(index).place();
    const std::array<std::uint64_t*, 3> parts = {&place.descriptors, &place.available, &place.used};
    *parts[(step.a >> 2 & 3U) % 3] = places[step.a >> 4 & 3];
    say_place(index, place.descriptors, place.used, place.available);
  }
  void send_packet(const Step& step) {
    guest_.send({.op = static_cast<Op>((step.a & 0x7fU) % 9),
                 .kind = (step.a & 0x80U) != 0 ? Kind::kStream : Kind::kSeqpacket,
                 .port = step.b % 4U,
                 .to = (step.b & 8U) != 0 ? kFirstOfHost : kForward,
                 .flags = step.b / 16U,
                 .length = step.c,
                 .is_runt = (step.b & 0x40U) != 0});
    vmm_->kick(kFromGuest);
  }
  /// The guest has taken what came, and agrees to a connection of the host's.
  void answer(const Step& step) {
    guest_.offer_anew();
    vmm_->kick(kToGuest);
    send_packet({.kind = 0,
                 .a = static_cast<std::uint8_t>(static_cast<unsigned>(Op::kResponse) | (step.a & 0x80U)),
                 .b = static_cast<std::uint8_t>((step.b & 3U) | 8U),
                 .c = 0});
  }
  void host_acts(const Step& step) {
    if (step.a % 5 == 0) return programs().visit(surroundings().address("door"), step.b % 4);
    programs().act(step.a % 5 - 1U, step.b, step.c);
  }
  void replace_vmm(const Step& step) {
    if (step.a % 4 == 0) guest_.lay_good_rings();
    if (step.a % 4 == 2) vmm_ = Vmm(surroundings().address("vmm"));  // which finds the other there still
    if (step.a % 4 != 1) return;
    vmm_.reset();
    vmm_.emplace(surroundings().address("vmm"));
  }

  RawGuest guest_;
  std::unique_ptr<Service> service_;
  std::optional<Vmm> vmm_;
};

}  // namespace

/// What is made once is made before the first input, which would reach more than it does later.
extern "C" int LLVMFuzzerInitialize(int* /*argc*/, char*** /*argv*/) {
  surroundings();
  World().end();
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::Heap heap;
  constexpr std::size_t kMostSteps = 512;
  World world;
  for (std::size_t i = 0; i + 4 <= std::min(size, 4 * kMostSteps); i += 4) {
    const Step step = {.kind = data[i], .a = data[i + 1], .b = data[i + 2], .c = data[i + 3]};
    world.act(step);
    if ((step.kind & 0x80) == 0) world.turn();  // else the next step comes before the device has looked
  }
  world.end();
  return 0;
}
