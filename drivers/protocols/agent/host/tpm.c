/* The unit's TPM behind a TCP port of this machine, as swtpm serves it: raw commands, raw responses, one connection each, since
 * swtpm serves one client at a time. */
#define _POSIX_C_SOURCE 200809L

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "port.h"

#if BM_WITH_TPM

/* Longer than any TPM takes for any command. */
enum { PATIENCE = 90, HEADER = 10, LONGEST = 4096 };

static int reach(void) {
  const struct timeval patience = {.tv_sec = PATIENCE, .tv_usec = 0};
  struct sockaddr_in address;
  memset(&address, 0, sizeof address);
  address.sin_family = AF_INET;
  address.sin_port = htons((uint16_t)host.tpm_port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int line = socket(AF_INET, SOCK_STREAM, 0);
  if (line < 0) return -1;
  if (setsockopt(line, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) == 0 &&
      connect(line, (const struct sockaddr *)&address, sizeof address) == 0)
    return line;
  (void)close(line);
  return -1;
}

static bool receive(int line, uint8_t *bytes, size_t length) {
  for (size_t at = 0; at < length;) {
    const ssize_t count = read(line, bytes + at, length - at);
    if (count <= 0) return false;
    at += (size_t)count;
  }
  return true;
}

bool bm_port_tpm(const uint8_t *command, size_t length, uint8_t *response, size_t size, size_t *response_length) {
  uint8_t whole[LONGEST];
  const int line = host.tpm_port == 0 ? -1 : reach();
  if (line < 0) return false;
  bool answered = write(line, command, length) == (ssize_t)length && receive(line, whole, HEADER);
  const uint32_t said = answered ? (uint32_t)whole[2] << 24 | (uint32_t)whole[3] << 16 | (uint32_t)whole[4] << 8 | whole[5] : 0;
  answered = answered && said >= HEADER && said <= sizeof whole && receive(line, whole + HEADER, said - HEADER);
  (void)close(line);
  if (!answered) return false;
  *response_length = said;
  memcpy(response, whole, said < size ? said : size);
  memset(whole, 0, sizeof whole);
  return true;
}

#endif
