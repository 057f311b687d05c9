// What the system refused: one errno, turned once into a sentence.
//
// Does not decide what becomes of it: whoever asked knows whether it was the user's mistake or the machine's.
#pragma once

#include <string>
#include <string_view>

namespace notifyspec::os {

struct OsError {
  int code = 0;        ///< errno, or 0 where the refusal is our own
  std::string reason;  ///< a sentence for people, without file name and line of any code
};

/// "WHAT: text of `code`".
OsError error_of(int code, std::string_view what);

/// The same with the errno of this moment.
OsError last_error(std::string_view what);

}  // namespace notifyspec::os
