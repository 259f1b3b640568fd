/* Real frames, recorded between the station's driver and a unit: a file of lines. `frame HEX` is what the station sent, payload
 * only; `key SHA256` names a key that a unit may hold afterwards. */
#ifndef BIRTHMARK_TEST_CORPUS_H
#define BIRTHMARK_TEST_CORPUS_H

#include "ram.h"

struct frame_of {
  uint8_t bytes[1024];
  size_t length;
};

struct corpus {
  struct frame_of frames[512];
  size_t frame_count;
  uint8_t keys[32][32];
  size_t key_count;
};

extern struct corpus corpus;

/* Ends the program where the file is none. */
void corpus_read(const char *path);
/* Ends the program, and says so, unless what the memory says is in force is one whole credential of the corpus, or none. Answers
 * which key it is, or -1. */
int corpus_check(const char *when);

#endif
