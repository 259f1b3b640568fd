/* Says frames to a fresh unit: a line of hex on standard input is what arrives, a line of hex is what it sends back. `boot` takes its
 * power away and gives it back, `fresh` puts another unit in its place. */
#include <stdio.h>
#include <string.h>

#include "ram.h"

int main(void) {
  static char line[8192];
  static uint8_t bytes[4096];
  ram_fresh();
  while (fgets(line, sizeof line, stdin) != NULL) {
    ram.said_length = 0;
    if (strncmp(line, "fresh", 5) == 0) ram_fresh();
    else if (strncmp(line, "boot", 4) == 0) ram_boot();
    else bm_receive(bytes, ram_read_hex(line, bytes, sizeof bytes));
    for (size_t at = 0; at < ram.said_length; at += 1) printf("%02x", ram.said[at]);
    printf("\n");
  }
  return 0;
}
