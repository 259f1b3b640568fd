/* Says changed frames to units: `fuzz CORPUS COUNT SEED`. Each life of a unit is the corpus with changed frames in between; after
 * every frame one whole credential is in force, or none, and at the end the unit still answers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../core/frame.h"
#include "corpus.h"

static uint32_t dice;

static uint32_t below(uint32_t limit) { return ram_throw(&dice) % limit; }

/* A bit, a byte, a hole, a copy, an end too early, noise. */
static size_t change(uint8_t *bytes, size_t length, size_t size) {
  const size_t at = below((uint32_t)length);
  const size_t run = 1 + below(8);
  const size_t behind = at + run < length ? length - at - run : 0;
  switch (below(6)) {
    case 0:
      bytes[at] ^= (uint8_t)(1u << below(8));
      return length;
    case 1:
      bytes[at] = (uint8_t)below(256);
      return length;
    case 2:
      memmove(bytes + at, bytes + at + run, behind);
      return at + behind;
    case 3:
      if (length + run > size) return length;
      memmove(bytes + at + run, bytes + at, length - at);
      return length + run;
    case 4:
      return at + 1;
    default:
      for (size_t byte = at; byte < at + run && byte < length; byte += 1) bytes[byte] = (uint8_t)below(256);
      return length;
  }
}

/* A frame that was changed on the line, or one whose sender meant the changed content: with the CRC that belongs to it. */
static void say_changed(const struct frame_of *frame) {
  static uint8_t payload[1014];
  static uint8_t line[sizeof ram.said + 64];
  size_t length = frame->length;
  const bool on_the_line = below(10) < 4;
  memcpy(payload, frame->bytes, length);
  for (uint32_t times = on_the_line ? 0 : 1 + below(3); times > 0 && length > 0; times -= 1) {
    length = change(payload, length, sizeof payload);
  }
  ram.said_length = 0;
  bm_frame_send(payload, length);
  size_t line_length = ram.said_length;
  memcpy(line, ram.said, line_length);
  if (on_the_line) line_length = change(line, line_length, sizeof line);
  ram.said_length = 0;
  bm_receive(line, line_length);
}

static void say(const uint8_t *payload, size_t length) {
  uint8_t answer[1024];
  (void)ram_ask(payload, length, answer);
}

static unsigned long live(void) {
  static const uint8_t hello[] = {0xa3, 0, 1, 1, 0x48, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 1, 2, 1};
  unsigned long heard = 0;
  uint8_t answer[1024];
  ram_fresh();
  ram.dice = ram_throw(&dice);
  for (size_t at = 0; at < corpus.frame_count; at += 1) {
    const struct frame_of *const frame = &corpus.frames[at];
    const uint32_t thrown = below(4);
    if (thrown != 0) say(frame->bytes, frame->length);
    for (uint32_t changed = below(3); changed > 0; changed -= 1) {
      const struct frame_of *const other = below(4) == 0 ? &corpus.frames[below((uint32_t)corpus.frame_count)] : frame;
      say_changed(other);
      heard += 1;
      (void)corpus_check("after a changed frame");
    }
    /* The power goes now and then. */
    if (below(200) == 0) ram_boot();
  }
  if (ram_ask(hello, sizeof hello, answer) == 0) {
    (void)fprintf(stderr, "the unit no longer answers\n");
    exit(1);
  }
  return heard;
}

int main(int count, char **arguments) {
  if (count != 4) return 2;
  corpus_read(arguments[1]);
  const unsigned long most = strtoul(arguments[2], NULL, 10);
  dice = (uint32_t)strtoul(arguments[3], NULL, 10) | 1;
  unsigned long heard = 0;
  unsigned long lives = 0;
  for (; heard < most; lives += 1) heard += live();
  printf("%lu changed frames in %lu lives\n", heard, lives);
  return 0;
}
