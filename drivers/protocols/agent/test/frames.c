#include <string.h>

#include "../core/bytes.h"
#include "../core/crc32.h"
#include "../core/frame.h"
#include "ram.h"
#include "runner.h"

static struct bm_frame frame;

/* The payload of the last good frame on this line; its length, or 0. */
static size_t heard(const uint8_t *line, size_t length, uint8_t payload[1024]) {
  size_t found = 0;
  memset(&frame, 0, sizeof frame);
  for (size_t at = 0; at < length; at += 1) {
    size_t said = 0;
    if (!bm_frame_take(&frame, line[at], &said)) continue;
    memcpy(payload, frame.bytes, said);
    found = said;
    bm_frame_forget(&frame);
  }
  return found;
}

static void crc(void) { EXPECT(bm_crc32(0, (const uint8_t *)"123456789", 9) == 0xcbf43926); }

static void crc_in_pieces(void) {
  const uint8_t *const text = (const uint8_t *)"123456789";
  EXPECT(bm_crc32(bm_crc32(0, text, 4), text + 4, 5) == 0xcbf43926);
}

/* Zeros alone, few of them, or none at all. */
static uint8_t byte_of(size_t length, uint32_t *dice) {
  if (length % 3 == 0) return 0;
  const uint32_t thrown = ram_throw(dice);
  return (uint8_t)(length % 3 == 1 ? thrown % 2 : 1 + thrown % 255);
}

static void any_length(void) {
  static uint8_t payload[1014];
  static uint8_t back[1024];
  uint32_t dice = 7;
  for (size_t length = 1; length <= sizeof payload; length += 1) {
    for (size_t at = 0; at < length; at += 1) payload[at] = byte_of(length, &dice);
    ram.said_length = 0;
    bm_frame_send(payload, length);
    EXPECT(ram.said[0] == 0 && ram.said[ram.said_length - 1] == 0 && ram.said_length <= 1025);
    EXPECT(memchr(ram.said + 1, 0, ram.said_length - 2) == NULL);
    EXPECT(heard(ram.said, ram.said_length, back) == length && memcmp(back, payload, length) == 0);
  }
}

static void garbage_ahead(void) {
  static const uint8_t payload[3] = {1, 0, 2};
  uint8_t line[64] = {0x11, 0x22, 0xff, 0x33};
  uint8_t back[1024];
  ram.said_length = 0;
  bm_frame_send(payload, sizeof payload);
  memcpy(line + 4, ram.said, ram.said_length);
  EXPECT(heard(line, 4 + ram.said_length, back) == 3);
}

static void changed_bytes(void) {
  static const uint8_t payload[5] = {9, 0, 8, 0, 7};
  uint8_t line[64];
  uint8_t back[1024];
  ram.said_length = 0;
  bm_frame_send(payload, sizeof payload);
  for (size_t at = 1; at + 1 < ram.said_length; at += 1) {
    for (unsigned bit = 0; bit < 8; bit += 1) {
      memcpy(line, ram.said, ram.said_length);
      line[at] ^= (uint8_t)(1u << bit);
      EXPECT(heard(line, ram.said_length, back) == 0);
    }
  }
}

static void too_long(void) {
  static uint8_t line[5000];
  static const uint8_t payload[1] = {5};
  uint8_t back[1024];
  memset(line, 1, sizeof line);
  ram.said_length = 0;
  bm_frame_send(payload, 1);
  memcpy(line + 3000, ram.said, ram.said_length);
  EXPECT(heard(line, 3000 + ram.said_length, back) == 1);
}

const struct test frame_tests[] = {
    {"the CRC of 123456789 is CBF43926", crc},
    {"a CRC in pieces is that of the whole", crc_in_pieces},
    {"payloads of every length, with and without zeros, arrive as they were sent", any_length},
    {"what is on the line ahead of a frame does no harm", garbage_ahead},
    {"a frame with one wrong bit is dropped", changed_bytes},
    {"what has no end is dropped, and the next frame is heard", too_long},
    {0, 0},
};
