#include "ram.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../core/agent.h"
#include "../host/crypto.h"

struct ram ram;

static const uint8_t mac[6] = {2, 0, 0x5e, 0x10, 0, 1};
static const struct bm_facts facts = {"SN-000001", mac, "model", "1.0.0", "file", true};

const struct bm_facts *bm_port_facts(void) { return &facts; }

void bm_port_write(const uint8_t *bytes, size_t length) {
  if (ram.said_length + length > sizeof ram.said) abort();
  memcpy(ram.said + ram.said_length, bytes, length);
  ram.said_length += length;
}

bool bm_port_flash_read(uint32_t at, uint8_t *bytes, size_t length) {
  if (at + length > sizeof ram.flash) abort();
  memcpy(bytes, ram.flash + at, length);
  return true;
}

static bool change(uint32_t at, const uint8_t *bytes, size_t length) {
  if (ram.fails) return false;
  if (at + length > sizeof ram.flash) abort();
  const bool cut = ram.cut_at != 0 && ram.written + length >= ram.cut_at;
  const size_t taken = cut ? ram.cut_at - ram.written : length;
  memcpy(ram.flash + at, bytes, taken);
  ram.written += taken;
  if (cut) {
    ram.cut_at = 0;
    longjmp(ram.cut, 1);
  }
  return true;
}

bool bm_port_flash_write(uint32_t at, const uint8_t *bytes, size_t length) {
  if (at % BM_WRITE_UNIT != 0 || length % BM_WRITE_UNIT != 0) abort();
  /* A device's flash clears bits and sets none. */
  for (size_t byte = 0; byte < length; byte += 1) {
    if (ram.flash[at + byte] != 0xff) abort();
  }
  return change(at, bytes, length);
}

bool bm_port_flash_erase(uint32_t at) {
  static uint8_t blank[BM_PAGE_SIZE];
  if (at % BM_PAGE_SIZE != 0) abort();
  memset(blank, 0xff, sizeof blank);
  return change(at, blank, sizeof blank);
}

uint32_t ram_throw(uint32_t *dice) {
  *dice ^= *dice << 13;
  *dice ^= *dice >> 17;
  *dice ^= *dice << 5;
  return *dice;
}

bool bm_port_random(uint8_t *bytes, size_t length) {
  for (size_t at = 0; at < length; at += 1) bytes[at] = ram.dice == 0 ? 0x5a : (uint8_t)ram_throw(&ram.dice);
  return true;
}

/* The unit's key pair of uart-v1.md's channel, 5a 32 times: PKCS#8 without its public half, which OpenSSL works out. */
static EVP_PKEY *fixed_pair(void) {
  static const uint8_t head[35] = {0x30, 0x41, 2,    1,    0,    0x30, 0x13, 6,    7,    0x2a, 0x86, 0x48,
                                   0xce, 0x3d, 2,    1,    6,    8,    0x2a, 0x86, 0x48, 0xce, 0x3d, 3,
                                   1,    7,    4,    0x27, 0x30, 0x25, 2,    1,    1,    4,    0x20};
  uint8_t bytes[sizeof head + 32];
  const uint8_t *at = bytes;
  memcpy(bytes, head, sizeof head);
  memset(bytes + sizeof head, 0x5a, 32);
  EVP_PKEY *const pair = d2i_AutoPrivateKey(NULL, &at, sizeof bytes);
  if (pair == NULL) abort();
  return pair;
}

bool bm_port_agree(const uint8_t station[65], uint8_t own[65], uint8_t shared[32]) {
  static EVP_PKEY *pair = NULL;
  if (pair == NULL) pair = fixed_pair();
  return host_agree(pair, station, own, shared);
}

/* A TPM that lies, or says nothing: for dice alone. One that works is behind the host build. */
bool bm_port_tpm(const uint8_t *command, size_t length, uint8_t *response, size_t size, size_t *response_length) {
  if (ram.dice == 0) return false;
  const uint32_t thrown = ram_throw(&ram.dice);
  const size_t count = thrown % 16 == 0 ? thrown % 1200 : 10 + thrown % 200;
  for (size_t at = 0; at < count && at < size; at += 1) response[at] = (uint8_t)ram_throw(&ram.dice);
  if (thrown % 4 != 0 && count >= 10) {
    const uint8_t good[10] = {0x80, 1, 0, 0, (uint8_t)(count >> 8), (uint8_t)count, 0, 0, 0, 0};
    memcpy(response, good, sizeof good);
  }
  /* Some sizes inside that make sense, so that the agent reads on. */
  for (size_t at = 10; thrown % 8 > 4 && at + 1 < count && at < size; at += 1 + thrown % 7) response[at] = 0;
  *response_length = count;
  (void)command;
  (void)length;
  return thrown % 64 != 1;
}

/* Two files, as long as they may be. */
static struct {
  char path[BM_PATH_SIZE + 1];
  uint8_t content[BM_FILE_SIZE];
  size_t length;
} files[4];

bool bm_port_file_write(const char *path, unsigned mode, const uint8_t *content, size_t length) {
  (void)mode;
  for (size_t at = 0; at < 4; at += 1) {
    if (files[at].path[0] != '\0' && strcmp(files[at].path, path) != 0 && at < 3) continue;
    if (length > sizeof files[at].content || strlen(path) > BM_PATH_SIZE) abort();
    strcpy(files[at].path, path);
    memcpy(files[at].content, content, length);
    files[at].length = length;
    return true;
  }
  return false;
}

bool bm_port_file_read(const char *path, size_t offset, uint8_t *bytes, size_t size, size_t *length) {
  for (size_t at = 0; at < 4; at += 1) {
    if (strcmp(files[at].path, path) != 0) continue;
    const size_t left = offset < files[at].length ? files[at].length - offset : 0;
    *length = left < size ? left : size;
    memcpy(bytes, files[at].content + offset, *length);
    return true;
  }
  return false;
}

void ram_boot(void) {
  if (!bm_start()) abort();
}

void ram_fresh(void) {
  memset(ram.flash, 0xff, sizeof ram.flash);
  memset(files, 0, sizeof files);
  ram.written = 0;
  ram.cut_at = 0;
  ram.said_length = 0;
  ram.fails = false;
  ram_boot();
}

size_t ram_ask(const uint8_t *payload, size_t length, uint8_t answer[1024]) {
  static struct bm_frame frame;
  size_t said = 0;
  ram.said_length = 0;
  bm_frame_send(payload, length);
  static uint8_t line[sizeof ram.said];
  const size_t line_length = ram.said_length;
  memcpy(line, ram.said, line_length);
  ram.said_length = 0;
  bm_receive(line, line_length);
  memset(&frame, 0, sizeof frame);
  for (size_t at = 0; at < ram.said_length; at += 1) {
    if (bm_frame_take(&frame, ram.said[at], &said)) memcpy(answer, frame.bytes, said);
    if (ram.said[at] == 0) bm_frame_forget(&frame);
  }
  return said;
}

size_t ram_read_hex(const char *line, uint8_t *bytes, size_t size) {
  size_t length = 0;
  unsigned byte = 0;
  for (; length < size && sscanf(line + 2 * length, "%2x", &byte) == 1; length += 1) bytes[length] = (uint8_t)byte;
  return length;
}
