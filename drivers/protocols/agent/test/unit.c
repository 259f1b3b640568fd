/* The unit as a whole: what the station's suites do not ask. */
#include <string.h>

#include "../core/agent.h"
#include "../core/bytes.h"
#include "ram.h"
#include "runner.h"

static uint8_t request[1024];
static uint8_t answer[1024];
static struct bm_writer out;
static uint8_t operation[BM_OPERATION];
static uint8_t id;

static void begin(uint32_t kind, size_t fields) {
  uint8_t request_id[BM_REQUEST_ID] = {1, 2, 3, 4, 0, 0, 0, ++id};
  out = (struct bm_writer){request, sizeof request, 0, false};
  bm_write_map(&out, fields + 2);
  bm_write_uint(&out, 0);
  bm_write_uint(&out, kind);
  bm_write_uint(&out, 1);
  bm_write_bytes(&out, request_id, sizeof request_id);
}

static void field(uint32_t key, const uint8_t *bytes, size_t length) {
  bm_write_uint(&out, key);
  bm_write_bytes(&out, bytes, length);
}

static void text(uint32_t key, const char *value) {
  bm_write_uint(&out, key);
  bm_write_text(&out, value);
}

static void number(uint32_t key, uint32_t value) {
  bm_write_uint(&out, key);
  bm_write_uint(&out, value);
}

/* Whether the unit answers with what was asked (no code), or refuses with this code. */
static bool says(const char *code) {
  const size_t length = ram_ask(request, out.length, answer);
  static const struct bm_field fields[] = {{0, BM_UINT, false, 0, 200}, {2, BM_TEXT, true, 1, 32}};
  struct bm_value values[BM_KEYS];
  if (bm_read_map(answer, length, fields, 2, 0, values) == BM_NO_MAP || !values[0].there) return false;
  if (code == NULL) return values[0].number != 127;
  return values[0].number == 127 && bm_is(code, values[2].bytes, values[2].length);
}

/* Begins, brings in one chunk and ends. */
static bool sends(const char *object, const uint8_t *bytes, size_t length, const char *code) {
  uint8_t digest[BM_SHA256];
  begin(4, 4);
  field(2, operation, BM_OPERATION);
  text(3, object);
  number(4, (uint32_t)length);
  text(5, "clear");
  if (!says(NULL)) return says(code);
  begin(5, 5);
  field(2, operation, BM_OPERATION);
  text(3, object);
  number(4, 0);
  number(5, (uint32_t)length);
  field(6, bytes, length);
  if (!says(NULL)) return says(code);
  begin(6, 3);
  bm_sha256(bytes, length, digest);
  field(2, operation, BM_OPERATION);
  text(3, object);
  field(4, digest, sizeof digest);
  return says(code);
}

static void provision(void) {
  uint8_t bytes[64];
  struct bm_writer map = {bytes, sizeof bytes, 0, false};
  static const char *const texts[] = {"0ne1", "e.example", "sn-1"};
  bm_write_map(&map, 3);
  for (uint32_t key = 0; key < 3; key += 1) {
    bm_write_uint(&map, key);
    bm_write_text(&map, texts[key]);
  }
  EXPECT(sends("provisioning", bytes, map.length, NULL));
}

static bool commits(const char *code) {
  begin(7, 1);
  field(2, operation, BM_OPERATION);
  return says(code);
}

static void fresh(uint8_t named) {
  ram_fresh();
  memset(operation, named, sizeof operation);
}

static void for_firmware(void) {
  static const uint8_t key[32] = {0x42, 0x42};
  char words[16];
  uint8_t back[BM_KEY_SIZE];
  size_t length = 0;
  fresh(9);
  EXPECT(!bm_provisioned_text(BM_ID_SCOPE, words, sizeof words) && !bm_key_in_force(back, sizeof back, &length));
  provision();
  EXPECT(sends("symmetric-key", key, sizeof key, NULL) && !bm_key_in_force(back, sizeof back, &length));
  EXPECT(commits(NULL) && bm_key_in_force(back, sizeof back, &length) && length == 32 && memcmp(back, key, 32) == 0);
  EXPECT(bm_provisioned_text(BM_REGISTRATION_ID, words, sizeof words) && strcmp(words, "sn-1") == 0);
  EXPECT(!bm_provisioned_text(BM_ENDPOINT, words, 9) && !bm_key_in_force(back, 31, &length) && !bm_is_locked());
  begin(9, 1);
  field(2, operation, BM_OPERATION);
  EXPECT(says(NULL) && bm_is_locked());
}

static void failing_memory(void) {
  static const uint8_t key[32] = {7};
  fresh(9);
  provision();
  EXPECT(sends("symmetric-key", key, sizeof key, NULL));
  ram.fails = true;
  EXPECT(commits("memory-failed"));
  ram.fails = false;
  begin(3, 0);
  EXPECT(says(NULL) && commits(NULL));
}

static void changed_slot(void) {
  static const uint8_t key[32] = {7};
  fresh(9);
  EXPECT(sends("symmetric-key", key, sizeof key, NULL));
  ram.flash[bm_address(0, BM_KEY_PLACE) + 3] ^= 4;
  EXPECT(commits("memory-failed"));
  EXPECT(commits("nothing-staged"));
}

static void repeated(void) {
  static uint8_t first[1024];
  fresh(9);
  begin(4, 4);
  field(2, operation, BM_OPERATION);
  text(3, "symmetric-key");
  number(4, 32);
  text(5, "clear");
  const size_t length = ram_ask(request, out.length, first);
  const unsigned long written = ram.written;
  static uint8_t key[32];
  uint8_t kept[1024];
  const size_t kept_length = out.length;
  memcpy(kept, request, kept_length);
  begin(5, 5);
  field(2, operation, BM_OPERATION);
  text(3, "symmetric-key");
  number(4, 0);
  number(5, 32);
  field(6, key, sizeof key);
  EXPECT(says(NULL));
  /* Sent again: the same answer, and the object on its way goes on. */
  EXPECT(ram_ask(kept, kept_length, answer) == length && memcmp(answer, first, length) == 0);
  EXPECT(ram.written == written);
  begin(6, 3);
  uint8_t digest[BM_SHA256];
  bm_sha256(key, sizeof key, digest);
  field(2, operation, BM_OPERATION);
  text(3, "symmetric-key");
  field(4, digest, sizeof digest);
  EXPECT(says(NULL));
}

static void strangers(void) {
  fresh(9);
  begin(63, 0);
  EXPECT(says("unknown-kind"));
  begin(4, 0);
  EXPECT(says("malformed"));
  begin(4, 4);
  field(2, operation, BM_OPERATION);
  text(3, "firmware");
  number(4, 32);
  text(5, "clear");
  EXPECT(says("unknown-object"));
  /* Without a request id nobody is answered. */
  static const uint8_t none[] = {0xa1, 0x00, 0x01};
  EXPECT(ram_ask(none, sizeof none, answer) == 0);
}

static void no_secret_left(void) {
  /* Longer than the frames that come after it. */
  static uint8_t key[600];
  memset(key, 0x6b, sizeof key);
  fresh(9);
  provision();
  EXPECT(sends("symmetric-key", key, sizeof key, NULL) && commits(NULL));
  const uint8_t *const memory = (const uint8_t *)&bm_the_agent;
  bool found = false;
  for (size_t at = 0; at + 16 <= sizeof bm_the_agent; at += 1) found = found || memcmp(memory + at, key, 16) == 0;
  EXPECT(!found);
}

const struct test unit_tests[] = {
    {"the firmware reads what it connects with, once it is in force", for_firmware},
    {"a memory that fails is said, and the unit goes on with what it holds", failing_memory},
    {"a key that its slot no longer holds is not committed", changed_slot},
    {"a request that is sent again is answered the same and changes nothing", repeated},
    {"a kind, an object or a field that it does not know is refused, what is no message is not answered", strangers},
    {"a key that arrived is in the memory that keeps it and nowhere else", no_secret_left},
    {0, 0},
};
