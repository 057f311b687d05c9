#include "cli/planted/bug.h"

#include "cli/planted/receiver_bug.h"
#include "cli/planted/sender_bug.h"

namespace notifyspec::cli {

std::vector<PlantedBug> planted_bugs() {
  std::vector<PlantedBug> all;
  for (const ReceiverBug* bug : receiver_bugs()) all.push_back({bug->name, "receiver", bug->what});
  for (const SenderBug* bug : sender_bugs()) all.push_back({bug->name, "sender", bug->what});
  return all;
}

}  // namespace notifyspec::cli
