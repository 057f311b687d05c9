// The functions of systemd's own that its libsystemd-shared exports for a receiver of notify messages. The
// library is no public one: what stands here was read off versions 252 to 262.
#pragma once

#include <sys/socket.h>

#include <expected>
#include <string>

namespace notifyspec::fuzz {

struct SystemdCalls {
  using Split = int(char*** lines, const char* text, unsigned int flags);
  using Receive = int(int socket, char*** lines, ucred* sender, void* pidref, void** fds);

  /// Of the library at that path, which stays open; in the error what dlopen(3) says.
  static std::expected<SystemdCalls, std::string> open(const char* path);

  Split* split;                                ///< strv_split_newlines_full
  Receive* receive;                            ///< notify_recv_with_fds_strv; null before 258
  char** (*free_lines)(char** lines);          ///< strv_free
  unsigned int (*count_fds)(const void* fds);  ///< fdset_size
  void* (*close_fds)(void* fds);               ///< fdset_free
  void (*close_pidref)(void* pidref);          ///< pidref_done; null before 253
};

}  // namespace notifyspec::fuzz
