#include "cbor.h"

#include "bytes.h"

enum { UINT = 0, NEGATIVE = 1, BYTES = 2, TEXT = 3, ARRAY = 4, MAP = 5, SIMPLE = 7 };

struct reader {
  const uint8_t *at;
  const uint8_t *end;
};

struct item {
  unsigned major;
  uint64_t value;
  const uint8_t *bytes;
};

static size_t left(const struct reader *reader) { return (size_t)(reader->end - reader->at); }

/* The shortest form of a number, and no other. */
static bool read_number(struct reader *reader, unsigned info, uint64_t *value) {
  static const uint64_t least[4] = {24, 0x100, 0x10000, 0x100000000};
  *value = info;
  if (info < 24) return true;
  if (info > 27) return false;
  const size_t length = (size_t)1 << (info - 24);
  if (left(reader) < length) return false;
  *value = 0;
  for (size_t at = 0; at < length; at += 1) *value = *value << 8 | *reader->at++;
  return *value >= least[info - 24];
}

/* The next head, with the bytes of a string behind it. No tags, floats, null, undefined or indefinite lengths. */
static bool read_item(struct reader *reader, struct item *item) {
  if (left(reader) == 0) return false;
  const uint8_t head = *reader->at++;
  item->major = head >> 5;
  item->bytes = reader->at;
  if (item->major == SIMPLE) {
    item->value = head & 31;
    return item->value == 20 || item->value == 21;
  }
  if (item->major > MAP || !read_number(reader, head & 31, &item->value)) return false;
  item->bytes = reader->at;
  if (item->major != BYTES && item->major != TEXT) return true;
  if (item->value > left(reader)) return false;
  reader->at += item->value;
  return true;
}

/* Whether this encoded key comes after that one (RFC 8949, 4.2.1: bytewise). */
static bool follows(const uint8_t *before, size_t before_length, const uint8_t *key, size_t length) {
  for (size_t at = 0; at < before_length && at < length; at += 1) {
    if (before[at] != key[at]) return before[at] < key[at];
  }
  return before_length < length;
}

static bool is_printable(const uint8_t *bytes, size_t length) {
  for (size_t at = 0; at < length; at += 1) {
    if (bytes[at] < 0x20 || bytes[at] > 0x7e) return false;
  }
  return true;
}

static bool fits(const struct bm_field *field, const struct item *item) {
  static const uint8_t majors[] = {[BM_UINT] = UINT, [BM_BYTES] = BYTES, [BM_TEXT] = TEXT};
  if (item->major != majors[field->type] || item->value < field->least || item->value > field->most) return false;
  return field->type != BM_TEXT || is_printable(item->bytes, (size_t)item->value);
}

static const struct bm_field *field_of(const struct bm_field *fields, size_t count, const struct item *key) {
  for (size_t at = 0; at < count; at += 1) {
    if (key->major == UINT && key->value == fields[at].key) return fields + at;
  }
  return NULL;
}

static bool skip_inside(struct reader *reader, const struct item *outer, unsigned depth);

/* One key and its value, of which maps and arrays may be as deep as that. False for what is no CBOR of ours. */
static bool read_pair(struct reader *reader, struct item *key, struct item *value, struct reader *before,
                      unsigned depth) {
  const uint8_t *const from = reader->at;
  if (!read_item(reader, key) || key->major == ARRAY || key->major == MAP) return false;
  const size_t length = (size_t)(reader->at - from);
  if (before->at != NULL && !follows(before->at, left(before), from, length)) return false;
  before->at = from;
  before->end = reader->at;
  return read_item(reader, value) && skip_inside(reader, value, depth);
}

/* Goes over what is inside an array or a map: keys stand in order there, too. */
static bool skip_inside(struct reader *reader, const struct item *outer, unsigned depth) {
  struct reader before = {NULL, NULL};
  struct item key;
  struct item item;
  if (outer->major != ARRAY && outer->major != MAP) return true;
  if (depth == 0 || outer->value > left(reader)) return false;
  for (uint64_t at = 0; at < outer->value; at += 1) {
    const bool read = outer->major == MAP ? read_pair(reader, &key, &item, &before, depth - 1)
                                          : read_item(reader, &item) && skip_inside(reader, &item, depth - 1);
    if (!read) return false;
  }
  return true;
}

static bool has_all(const struct bm_field *fields, size_t count, const struct bm_value values[BM_KEYS]) {
  for (size_t at = 0; at < count; at += 1) {
    if (!fields[at].optional && !values[fields[at].key].there) return false;
  }
  return true;
}

enum bm_reading bm_read_map(const uint8_t *bytes, size_t length, const struct bm_field *fields, size_t count,
                            uint8_t first, struct bm_value values[BM_KEYS]) {
  struct reader reader = {bytes, bytes + length};
  struct reader before = {NULL, NULL};
  struct item map;
  bool wrong = false;
  for (size_t at = 0; at < BM_KEYS; at += 1) values[at] = (struct bm_value){false, 0, 0, NULL};
  if (!read_item(&reader, &map) || map.major != MAP) return BM_NO_MAP;
  for (uint64_t at = 0; at < map.value; at += 1) {
    struct item key;
    struct item value;
    /* A map in an array in the map is as deep as anybody goes. */
    if (!read_pair(&reader, &key, &value, &before, 2)) return BM_NO_MAP;
    const struct bm_field *const field = field_of(fields, count, &key);
    if (field != NULL && fits(field, &value)) {
      const uint16_t number = (uint16_t)value.value;
      values[field->key] = (struct bm_value){true, number, number, value.bytes};
    } else if (field != NULL || key.major != UINT || key.value >= first) wrong = true;
  }
  if (left(&reader) > 0) return BM_NO_MAP;
  return wrong || !has_all(fields, count, values) ? BM_WRONG : BM_READ;
}

static void put(struct bm_writer *writer, uint8_t byte) {
  if (writer->length < writer->size) writer->bytes[writer->length++] = byte;
  else writer->full = true;
}

static void write_head(struct bm_writer *writer, unsigned major, uint32_t value) {
  const unsigned bytes = value < 24 ? 0 : value < 0x100 ? 1 : value < 0x10000 ? 2 : 4;
  const uint8_t info = (uint8_t)(bytes == 0 ? value : bytes == 1 ? 24u : bytes == 2 ? 25u : 26u);
  put(writer, (uint8_t)(major << 5 | info));
  for (unsigned at = bytes; at > 0; at -= 1) put(writer, (uint8_t)(value >> 8 * (at - 1)));
}

void bm_write_map(struct bm_writer *writer, size_t count) { write_head(writer, MAP, (uint32_t)count); }

void bm_write_array(struct bm_writer *writer, size_t count) { write_head(writer, ARRAY, (uint32_t)count); }

void bm_write_uint(struct bm_writer *writer, uint32_t value) { write_head(writer, UINT, value); }

void bm_write_bool(struct bm_writer *writer, bool value) { put(writer, value ? 0xf5 : 0xf4); }

static void write_string(struct bm_writer *writer, unsigned major, const uint8_t *bytes, size_t length) {
  write_head(writer, major, (uint32_t)length);
  for (size_t at = 0; at < length; at += 1) put(writer, bytes[at]);
}

void bm_write_bytes(struct bm_writer *writer, const uint8_t *bytes, size_t length) {
  write_string(writer, BYTES, bytes, length);
}

uint8_t *bm_write_room(struct bm_writer *writer, size_t length) {
  write_head(writer, BYTES, (uint32_t)length);
  uint8_t *const room = writer->bytes + writer->length;
  if (writer->size - writer->length < length) writer->full = true;
  else writer->length += length;
  return writer->full ? NULL : room;
}

void bm_write_text(struct bm_writer *writer, const char *text) {
  write_string(writer, TEXT, (const uint8_t *)text, bm_length(text));
}
