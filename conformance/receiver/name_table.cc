#include "receiver/name_table.h"

#include <algorithm>

#include "field/field.h"

namespace notifyspec::receiver::names {
namespace {

bool fill(Table& table) {
  table.slots.fill({});
  std::uint8_t row = 0;
  for (const field::Field& field : field::fields()) {
    Slot& slot = table.slots[table.place(key_of(field.name.data(), field.name.size()))];
    if (slot.name[0] != '\0') return false;
    slot.row = row++;
    *std::ranges::copy(field.name, slot.name.begin()).out = '=';
  }
  return true;
}

/// With the first of a row of odd multipliers that gives each name a slot of its own.
Table made() {
  Table table;
  table.multiplier = 0x9E3779B97F4A7C15;  // 2^64 over the golden ratio: it spreads
  while (!fill(table)) table.multiplier += 2;
  return table;
}

}  // namespace

const Table kFields = made();

}  // namespace notifyspec::receiver::names
