/* CBOR (RFC 8949) as the messages use it: maps with integer keys in deterministic encoding (section 4.2.1), read strictly. */
#ifndef BIRTHMARK_CBOR_H
#define BIRTHMARK_CBOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum bm_type { BM_UINT, BM_BYTES, BM_TEXT };

/* A field of a map: least and most are of a number, or of a length. Texts are printable ASCII. */
struct bm_field {
  uint8_t key;
  uint8_t type;
  bool optional;
  uint16_t least;
  uint16_t most;
};

/* A field's value, by its key. Bytes and texts are a view of what was read. */
struct bm_value {
  bool there;
  uint16_t number;
  uint16_t length;
  const uint8_t *bytes;
};
#define BM_KEYS 8

/* No map at all; a map that lacks a field, has a wrong one or one that nobody knows; a map as it should be. */
enum bm_reading { BM_NO_MAP, BM_WRONG, BM_READ };

/* Reads a map whose keys from `first` on are these fields; smaller keys are somebody else's. */
enum bm_reading bm_read_map(const uint8_t *bytes, size_t length, const struct bm_field *fields, size_t count,
                            uint8_t first, struct bm_value values[BM_KEYS]);

/* Writes one value behind the other; what does not fit is left out, and full says so. */
struct bm_writer {
  uint8_t *bytes;
  size_t size;
  size_t length;
  bool full;
};

void bm_write_map(struct bm_writer *writer, size_t count);
void bm_write_array(struct bm_writer *writer, size_t count);
void bm_write_uint(struct bm_writer *writer, uint32_t value);
void bm_write_bool(struct bm_writer *writer, bool value);
void bm_write_bytes(struct bm_writer *writer, const uint8_t *bytes, size_t length);
/* Room for so many bytes, which the caller fills; NULL where there is none. */
uint8_t *bm_write_room(struct bm_writer *writer, size_t length);
void bm_write_text(struct bm_writer *writer, const char *text);

#endif
