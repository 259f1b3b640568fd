#include "frame.h"

#include "bytes.h"
#include "crc32.h"

/* Takes the stuffing out, in place: what comes out never overtakes what goes in. False for what is not COBS. */
static bool unstuff(uint8_t *bytes, size_t length, size_t *end) {
  size_t from = 0;
  size_t to = 0;
  while (from < length) {
    const size_t code = bytes[from];
    if (from + code > length) return false;
    for (size_t at = from + 1; at < from + code; at += 1) bytes[to++] = bytes[at];
    from += code;
    if (code < 255 && from < length) bytes[to++] = 0;
  }
  *end = to;
  return true;
}

static bool opened(uint8_t *bytes, size_t length, size_t *payload_length) {
  size_t end = 0;
  if (!unstuff(bytes, length, &end) || end <= BM_CRC) return false;
  *payload_length = end - BM_CRC;
  return bm_crc32(0, bytes, *payload_length) == bm_get32le(bytes + *payload_length);
}

bool bm_frame_take(struct bm_frame *frame, uint8_t byte, size_t *payload_length) {
  if (byte != 0) {
    if (frame->length == sizeof frame->bytes) frame->overflown = true;
    else frame->bytes[frame->length++] = byte;
    return false;
  }
  if (!frame->overflown && frame->length > 0 && opened(frame->bytes, frame->length, payload_length)) return true;
  bm_frame_forget(frame);
  return false;
}

void bm_frame_forget(struct bm_frame *frame) {
  bm_zero(frame->bytes, frame->length);
  frame->length = 0;
  frame->overflown = false;
}

/* The byte at that place of a payload with its CRC behind it. */
static uint8_t byte_at(const uint8_t *payload, size_t length, const uint8_t crc[BM_CRC], size_t at) {
  return at < length ? payload[at] : crc[at - length];
}

/* One group of COBS at a time, so that no buffer of a whole frame is needed. */
void bm_frame_send(const uint8_t *payload, size_t length) {
  uint8_t crc[BM_CRC];
  uint8_t group[255];
  const size_t whole = length + BM_CRC;
  static const uint8_t zero = 0;
  bm_put32le(crc, bm_crc32(0, payload, length));
  bm_port_write(&zero, 1);
  for (size_t at = 0; at <= whole;) {
    size_t count = 1;
    while (at < whole && count < sizeof group && byte_at(payload, length, crc, at) != 0) {
      group[count++] = byte_at(payload, length, crc, at++);
    }
    group[0] = (uint8_t)count;
    bm_port_write(group, count);
    /* A full group stands for no zero, and at the very end nothing follows it. */
    if (count < sizeof group) at += 1;
    else if (at == whole) break;
  }
  bm_port_write(&zero, 1);
}
