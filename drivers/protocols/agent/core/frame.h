/* Frames: COBS( payload, CRC-32 little-endian ), 00. */
#ifndef BIRTHMARK_FRAME_H
#define BIRTHMARK_FRAME_H

#include "limits.h"

struct bm_frame {
  uint8_t bytes[BM_FRAME];
  size_t length;
  bool overflown;
};

/* Takes one byte of the line. True when it closed a good frame, whose payload then is at the beginning of bytes; the caller calls
 * bm_frame_forget when it is done with it. */
bool bm_frame_take(struct bm_frame *frame, uint8_t byte, size_t *payload_length);
void bm_frame_forget(struct bm_frame *frame);

/* Sends a payload as a frame with a zero ahead of it, by bm_port_write. */
void bm_frame_send(const uint8_t *payload, size_t length);

#endif
