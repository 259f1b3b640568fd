#include "../core/cbor.h"

#include <string.h>

#include "../core/agent.h"
#include "ram.h"
#include "runner.h"

static const struct bm_field fields[] = {
    {2, BM_UINT, false, 1, 300}, {3, BM_TEXT, true, 1, 4}, {4, BM_BYTES, true, 2, 2}};

static enum bm_reading reading(const char *hex, struct bm_value values[BM_KEYS]) {
  uint8_t bytes[64];
  static uint8_t kept[64];
  const size_t length = ram_read_hex(hex, bytes, sizeof bytes);
  memcpy(kept, bytes, length);
  return bm_read_map(kept, length, fields, 3, 2, values);
}

static void good(void) {
  struct bm_value values[BM_KEYS];
  EXPECT(reading("a300010218ff036161", values) == BM_READ);
  EXPECT(values[2].number == 255 && values[3].length == 1 && values[3].bytes[0] == 'a' && !values[4].there);
  EXPECT(reading("a202190100044200ff", values) == BM_READ && values[2].number == 256 && values[4].length == 2);
}

static void wrong(void) {
  static const char *const maps[] = {
      "a0",             /* a field is missing */
      "a10200",         /* too small */
      "a102190200",     /* too large */
      "a1021b7fffffffffffffff",
      "a10220",         /* negative */
      "a20201036568656c6c6f", /* too long a text */
      "a2020103427a7a", /* bytes where a text belongs */
      "a202010361e9",   /* not printable */
      "a202010360",     /* empty */
      "a202010701",     /* a key that nobody knows */
      "a20201617801",   /* a text for a key */
      "a202818101",     /* arrays where a number belongs, and then nothing */
  };
  struct bm_value values[BM_KEYS];
  for (size_t at = 0; at + 1 < sizeof maps / sizeof maps[0]; at += 1) EXPECT(reading(maps[at], values) == BM_WRONG);
  EXPECT(reading(maps[sizeof maps / sizeof maps[0] - 1], values) == BM_NO_MAP);
}

static void no_map(void) {
  static const char *const maps[] = {
      "",           "01",         "80",       "bf0201ff",     /* of indefinite length */
      "a1020100",   /* something behind it */
      "a102",       "a2030102",   "a203610102",
      "a10218",     "a1021801",   /* not the shortest form */
      "a102190001", "a1021a00000100", "a1021b0000000000000100",
      "a202010201", /* a key twice */
      "a203616102", "a2036161020100",
      "a102c101",   /* a tag */
      "a102f6",     "a102f7",     "a102f90000", "a102f81f", "a1025f41004100ff",
      "a102438080", /* a string that ends too early */
      "a1027bffffffffffffffff",
      "a1029bffffffffffffffff",
      "a10281818181818101", /* too deep */
      "bbffffffffffffffff",
  };
  struct bm_value values[BM_KEYS];
  for (size_t at = 0; at < sizeof maps / sizeof maps[0]; at += 1) EXPECT(reading(maps[at], values) == BM_NO_MAP);
}

static void inside(void) {
  struct bm_value values[BM_KEYS];
  EXPECT(reading("a202010681a10102", values) == BM_WRONG);
}

static void written(void) {
  uint8_t bytes[40];
  struct bm_writer out = {bytes, sizeof bytes, 0, false};
  static const uint8_t expected[] = {0xa3, 0x00, 0x17, 0x01, 0x18, 0x18, 0x02, 0x42, 0x01, 0x02, 0x83,
                                     0x19, 0x01, 0x00, 0xf5, 0x63, 'a',  'b',  'c',  0x1a, 0,    1, 0, 0};
  bm_write_map(&out, 3);
  bm_write_uint(&out, 0);
  bm_write_uint(&out, 23);
  bm_write_uint(&out, 1);
  bm_write_uint(&out, 24);
  bm_write_uint(&out, 2);
  bm_write_bytes(&out, (const uint8_t *)"\x01\x02", 2);
  bm_write_array(&out, 3);
  bm_write_uint(&out, 256);
  bm_write_bool(&out, true);
  bm_write_text(&out, "abc");
  bm_write_uint(&out, 65536);
  EXPECT(!out.full && out.length == sizeof expected && memcmp(bytes, expected, sizeof expected) == 0);
}

static void full(void) {
  uint8_t bytes[4] = {0, 0, 0, 0x77};
  struct bm_writer out = {bytes, 3, 0, false};
  bm_write_text(&out, "abcdef");
  EXPECT(out.full && out.length == 3 && bytes[3] == 0x77);
  EXPECT(bm_write_room(&out, 10) == NULL);
}

const struct test cbor_tests[] = {
    {"a map is read by its keys", good},
    {"a map with a wrong, a missing or an unknown field is known for one", wrong},
    {"anything but the one deterministic encoding is no map", no_map},
    {"what is inside an unknown field is gone over", inside},
    {"what is written is in its shortest form", written},
    {"what does not fit is left out, and said", full},
    {0, 0},
};
