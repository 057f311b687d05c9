// What somebody writes who links the receiver: one datagram to a socket of its own, received and split.
#include <notifyspec/os/notify_sender.h>
#include <notifyspec/receiver/notify_receiver.h>
#include <unistd.h>

#include <cstdio>
#include <string>

int main() {
  namespace receiver = notifyspec::receiver;
  const notifyspec::wire::UnixAddress address = {"notifyspec-consumer/" + std::to_string(getpid()), true};
  auto listening = receiver::NotifyReceiver::bind(address);
  auto sender = notifyspec::os::NotifySender::connect(address);
  if (!listening || !sender || !(*sender)->send("READY=1\nSTATUS=up", 0)) return 1;
  const auto count = listening->receive([](receiver::Delivery& delivery) {
    if (!delivery.lines) return;
    for (const std::string_view line : *delivery.lines) {
      const auto [tag, value] = receiver::classify(line);
      if (tag == receiver::Tag::kReady)
        std::printf("ready %.*s\n", static_cast<int>(value.size()), value.data());
    }
  });
  return count && *count == 1 ? 0 : 1;
}
