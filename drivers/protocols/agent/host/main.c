/* A unit on this computer: `agent --socket PATH --memory FILE`. socat puts it behind a pty:
 * socat PTY,link=/tmp/unit,rawer UNIX-CONNECT:PATH */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <openssl/pem.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "crypto.h"
#include "port.h"

struct given {
  const char *socket;
  const char *memory;
  const char *key;
  const char *chain;
};

static const char usage[] =
    "usage: agent --socket PATH --memory FILE [--serial S] [--mac 02:00:5E:10:00:01]\n"
    "             [--key FILE --chain FILE: PEM, what the unit came with] [--tpm-port N]\n"
    "             [--files FOLDER: where paths of files begin, FILE.files when left out]\n"
    "             [--cut-after N: the power goes in the middle of that write or erase of the memory]\n";

static int fail(const char *what) {
  (void)fprintf(stderr, "agent: %s: %s\n", what, strerror(errno));
  return 1;
}

static bool read_mac(const char *text, uint8_t mac[6]) {
  unsigned bytes[6];
  char more = 0;
  const int read = sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x%c", &bytes[0], &bytes[1], &bytes[2], &bytes[3], &bytes[4],
                          &bytes[5], &more);
  for (int at = 0; at < 6 && read == 6; at += 1) mac[at] = (uint8_t)bytes[at];
  return read == 6;
}

static bool take(struct given *given, const char *name, const char *value) {
  static uint8_t mac[6];
  if (strcmp(name, "--socket") == 0) given->socket = value;
  else if (strcmp(name, "--memory") == 0) given->memory = value;
  else if (strcmp(name, "--key") == 0) given->key = value;
  else if (strcmp(name, "--chain") == 0) given->chain = value;
  else if (strcmp(name, "--serial") == 0) host.facts.serial = value;
  else if (strcmp(name, "--files") == 0) host.files = value;
  else if (strcmp(name, "--tpm-port") == 0) host.tpm_port = (unsigned)strtoul(value, NULL, 10);
  else if (strcmp(name, "--cut-after") == 0) host.cut_after = (unsigned)strtoul(value, NULL, 10);
  else if (strcmp(name, "--mac") == 0 && read_mac(value, mac)) host.facts.mac = mac;
  else return false;
  return true;
}

static size_t read_file(const char *path, uint8_t *bytes, size_t size) {
  FILE *const file = fopen(path, "rb");
  const size_t length = file != NULL ? fread(bytes, 1, size, file) : 0;
  if (file != NULL) (void)fclose(file);
  return length;
}

/* Puts what the unit came with into a memory that was never used; leaves any other as it is. */
static bool equip(const struct given *given) {
  static uint8_t chain[BM_CHAIN_SIZE];
  static uint8_t key[BM_KEY_SIZE];
  size_t key_length = 0;
  const size_t chain_length = read_file(given->chain, chain, sizeof chain);
  FILE *const file = fopen(given->key, "rb");
  EVP_PKEY *const read = file != NULL ? PEM_read_PrivateKey(file, NULL, NULL, NULL) : NULL;
  if (file != NULL) (void)fclose(file);
  const bool written = read != NULL && chain_length > 0 && host_write_key(read, key, sizeof key, &key_length);
  EVP_PKEY_free(read);
  if (written) (void)bm_equip(key, key_length, chain, chain_length);
  OPENSSL_cleanse(key, sizeof key);
  return written;
}

/* Where paths of files begin: a folder beside the memory, unless another one was named. */
static bool open_files(const char *memory) {
  static char beside[4096];
  if (host.files[0] == '\0') {
    const int length = snprintf(beside, sizeof beside, "%s.files", memory);
    if (length < 0 || (size_t)length >= sizeof beside) return false;
    host.files = beside;
  }
  return mkdir(host.files, 0700) == 0 || errno == EEXIST;
}

static int listen_at(const char *path) {
  struct sockaddr_un address;
  memset(&address, 0, sizeof address);
  address.sun_family = AF_UNIX;
  if (strlen(path) >= sizeof address.sun_path) {
    errno = ENAMETOOLONG;
    return -1;
  }
  memcpy(address.sun_path, path, strlen(path));
  /* A process that was killed leaves its socket's name behind. */
  (void)unlink(path);
  const int door = socket(AF_UNIX, SOCK_STREAM, 0);
  if (door < 0 || bind(door, (const struct sockaddr *)&address, sizeof address) != 0 || listen(door, 4) != 0) return -1;
  return door;
}

/* Whoever came last is on the line, as on a fixture. */
static int serve(int door) {
  for (;;) {
    struct pollfd ends[2] = {{.fd = door, .events = POLLIN}, {.fd = host.line, .events = POLLIN}};
    if (poll(ends, 2, -1) < 0) return fail("poll");
    if (ends[1].revents != 0) {
      uint8_t bytes[4096];
      const ssize_t count = read(host.line, bytes, sizeof bytes);
      if (count > 0) bm_receive(bytes, (size_t)count);
      else {
        (void)close(host.line);
        host.line = -1;
      }
    }
    if (ends[0].revents != 0) {
      if (host.line >= 0) (void)close(host.line);
      host.line = accept(door, NULL, NULL);
    }
  }
}

int main(int count, char **arguments) {
  struct given given = {NULL, NULL, NULL, NULL};
  host.facts = (struct bm_facts){"SN-000001", NULL, "birthmark-host-agent", "1.0.0", "file", true};
  for (int at = 1; at < count; at += 2) {
    if (at + 1 == count || !take(&given, arguments[at], arguments[at + 1])) {
      (void)fputs(usage, stderr);
      return 2;
    }
  }
  if (given.socket == NULL || given.memory == NULL || (given.key == NULL) != (given.chain == NULL)) {
    (void)fputs(usage, stderr);
    return 2;
  }
  (void)signal(SIGPIPE, SIG_IGN);
  if (!host_open_memory(given.memory) || !open_files(given.memory) || !bm_start()) return fail(given.memory);
  if (given.key != NULL && !equip(&given)) return fail(given.key);
  const int door = listen_at(given.socket);
  if (door < 0) return fail(given.socket);
  /* Whoever started it waits for this line. */
  (void)printf("listening %s\n", given.socket);
  (void)fflush(stdout);
  return serve(door);
}
