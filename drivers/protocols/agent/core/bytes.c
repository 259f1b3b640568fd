#include "bytes.h"

void bm_copy(uint8_t *to, const uint8_t *from, size_t length) {
  for (size_t at = 0; at < length; at += 1) to[at] = from[at];
}

void bm_move(uint8_t *to, const uint8_t *from, size_t length) {
  if (to <= from) {
    bm_copy(to, from, length);
    return;
  }
  for (size_t at = length; at > 0; at -= 1) to[at - 1] = from[at - 1];
}

void bm_fill(uint8_t *bytes, uint8_t value, size_t length) {
  for (size_t at = 0; at < length; at += 1) bytes[at] = value;
}

void bm_zero(void *bytes, size_t length) {
  volatile uint8_t *at = bytes;
  for (; length > 0; length -= 1) *at++ = 0;
}

bool bm_equal(const uint8_t *one, const uint8_t *other, size_t length) {
  uint8_t differs = 0;
  for (size_t at = 0; at < length; at += 1) differs |= (uint8_t)(one[at] ^ other[at]);
  return differs == 0;
}

size_t bm_length(const char *text) {
  size_t length = 0;
  while (text[length] != '\0') length += 1;
  return length;
}

bool bm_is(const char *text, const uint8_t *bytes, size_t length) {
  size_t at = 0;
  while (at < length && text[at] != '\0' && (uint8_t)text[at] == bytes[at]) at += 1;
  return at == length && text[at] == '\0';
}

uint16_t bm_get16le(const uint8_t *bytes) { return (uint16_t)(bytes[0] | bytes[1] << 8); }

uint32_t bm_get32le(const uint8_t *bytes) { return bm_get16le(bytes) | (uint32_t)bm_get16le(bytes + 2) << 16; }

uint16_t bm_get16be(const uint8_t *bytes) { return (uint16_t)(bytes[0] << 8 | bytes[1]); }

uint32_t bm_get32be(const uint8_t *bytes) { return (uint32_t)bm_get16be(bytes) << 16 | bm_get16be(bytes + 2); }

void bm_put16le(uint8_t *bytes, uint16_t value) {
  bytes[0] = (uint8_t)value;
  bytes[1] = (uint8_t)(value >> 8);
}

void bm_put32le(uint8_t *bytes, uint32_t value) {
  bm_put16le(bytes, (uint16_t)value);
  bm_put16le(bytes + 2, (uint16_t)(value >> 16));
}

void bm_put16be(uint8_t *bytes, uint16_t value) {
  bytes[0] = (uint8_t)(value >> 8);
  bytes[1] = (uint8_t)value;
}

void bm_put32be(uint8_t *bytes, uint32_t value) {
  bm_put16be(bytes, (uint16_t)(value >> 16));
  bm_put16be(bytes + 2, (uint16_t)value);
}
