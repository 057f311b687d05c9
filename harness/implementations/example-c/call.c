// The smallest adapter in C: caller.py speaks the protocol, and this makes the calls. Put your own in place of sd_notify().
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-daemon.h>

int main(void) {
  char *line = NULL;
  size_t size = 0;
  while (getline(&line, &size, stdin) > 0) {
    char *hex = line + 2, *state = calloc(size, 1);
    size_t length = 0;
    while (sscanf(hex + 2 * length, "%2hhx", (unsigned char *)&state[length]) == 1) ++length;
    if (strstr(hex, "reloading") || strlen(state) != length) {
      fputs("it takes a text without NUL, and nothing else\n", stderr);
      return 64;
    }
    const int returned = sd_notify(line[0] == '1', state);
    puts(returned > 0 ? "positive" : returned == 0 ? "zero" : "negative");
    free(state);
  }
  puts(getenv("NOTIFY_SOCKET") ? "set" : "unset");
}
