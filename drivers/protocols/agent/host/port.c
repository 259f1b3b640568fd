/* The port of this computer: a socket for the line, a file for the memory, a TCP port for the TPM. Its memory outlives the process
 * however that ends, not the computer's own power. */
#define _POSIX_C_SOURCE 200809L

#include "port.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/ec.h>
#include <openssl/rand.h>

#include "crypto.h"

struct host host = {.line = -1, .memory = -1, .files = ""};

const struct bm_facts *bm_port_facts(void) { return &host.facts; }

void bm_port_write(const uint8_t *bytes, size_t length) {
  while (length > 0 && host.line >= 0) {
    const ssize_t count = write(host.line, bytes, length);
    /* Whoever was connected may be gone; main.c sees it. */
    if (count <= 0) return;
    bytes += count;
    length -= (size_t)count;
  }
}

bool host_open_memory(const char *path) {
  uint8_t page[BM_PAGE_SIZE];
  /* Only its owner may read it: there is a key inside. */
  host.memory = open(path, O_RDWR | O_CREAT, 0600);
  struct stat file;
  if (host.memory < 0 || fstat(host.memory, &file) != 0) return false;
  if (file.st_size == BM_FLASH_SIZE) return true;
  memset(page, 0xff, sizeof page);
  for (uint32_t at = 0; at < BM_FLASH_SIZE; at += sizeof page) {
    if (pwrite(host.memory, page, sizeof page, at) != (ssize_t)sizeof page) return false;
  }
  return true;
}

bool bm_port_flash_read(uint32_t at, uint8_t *bytes, size_t length) {
  return pread(host.memory, bytes, length, at) == (ssize_t)length;
}

/* Half of it is done when the power is cut in this step. */
static bool change(uint32_t at, const uint8_t *bytes, size_t length) {
  host.steps += 1;
  const bool cut = host.steps == host.cut_after;
  const size_t taken = cut ? length / 2 : length;
  const bool done = pwrite(host.memory, bytes, taken, at) == (ssize_t)taken;
  if (cut) _exit(HOST_CUT);
  return done;
}

/* A device's flash clears bits and sets none: writing over what is not erased would be a mistake of the agent. */
static void must_be_erased(uint32_t at, size_t length) {
  uint8_t before[BM_GATHER];
  if (at % BM_WRITE_UNIT != 0 || length % BM_WRITE_UNIT != 0 || length > sizeof before) abort();
  if (!bm_port_flash_read(at, before, length)) abort();
  for (size_t byte = 0; byte < length; byte += 1) {
    if (before[byte] != 0xff) abort();
  }
}

bool bm_port_flash_write(uint32_t at, const uint8_t *bytes, size_t length) {
  must_be_erased(at, length);
  return change(at, bytes, length);
}

bool bm_port_flash_erase(uint32_t at) {
  uint8_t page[BM_PAGE_SIZE];
  if (at % BM_PAGE_SIZE != 0) abort();
  memset(page, 0xff, sizeof page);
  return change(at, page, sizeof page);
}

bool bm_port_random(uint8_t *bytes, size_t length) { return RAND_bytes(bytes, (int)length) == 1; }

bool bm_port_agree(const uint8_t station[65], uint8_t own[65], uint8_t shared[32]) {
  EVP_PKEY *const pair = EVP_EC_gen("P-256");
  const bool agreed = host_agree(pair, station, own, shared);
  EVP_PKEY_free(pair);
  return agreed;
}

/* Under the folder that stands for the unit's file system, and nowhere else. */
static bool place_of(const char *path, const char *behind, char *place, size_t size) {
  const int length = snprintf(place, size, "%s%s%s", host.files, path, behind);
  return strstr(path, "/..") == NULL && length > 0 && (size_t)length < size;
}

/* The folder begins empty, where a unit has its own. */
static void make_parents(char *place) {
  for (char *slash = strchr(place + strlen(host.files) + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
    *slash = '\0';
    (void)mkdir(place, 0755);
    *slash = '/';
  }
}

bool bm_port_file_write(const char *path, unsigned mode, const uint8_t *content, size_t length) {
  char place[4096];
  char beside[4096];
  if (!place_of(path, "", place, sizeof place) || !place_of(path, ".new", beside, sizeof beside)) return false;
  make_parents(place);
  const int file = open(beside, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (file < 0) return false;
  const bool written = write(file, content, length) == (ssize_t)length && fchmod(file, (mode_t)mode) == 0 && fsync(file) == 0;
  return close(file) == 0 && written && rename(beside, place) == 0;
}

bool bm_port_file_read(const char *path, size_t offset, uint8_t *bytes, size_t size, size_t *length) {
  char place[4096];
  if (!place_of(path, "", place, sizeof place)) return false;
  const int file = open(place, O_RDONLY);
  if (file < 0) return false;
  const ssize_t count = pread(file, bytes, size, (off_t)offset);
  (void)close(file);
  *length = count > 0 ? (size_t)count : 0;
  return count >= 0;
}
