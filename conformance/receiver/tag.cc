#include "receiver/tag.h"

namespace notifyspec::receiver {

const field::Field& field_of(Tag tag) {
  return field::fields()[static_cast<std::size_t>(tag)];
}

}  // namespace notifyspec::receiver
