/* What a unit keeps: two slots for credentials, and two cells for one record that says what is in them. A new record goes into the
 * cell that does not hold the newest one, so that a torn write leaves the old. */
#ifndef BIRTHMARK_MEMORY_H
#define BIRTHMARK_MEMORY_H

#include "limits.h"
#include "sha256.h"

enum bm_kind { BM_SYMMETRIC = 0, BM_SENT = 1, BM_MADE = 2 };

/* Nothing but bytes, numbers little-endian: so the record lies in memory as it is, whatever compiler made it. */
struct bm_stored {
  uint8_t length[2];
  uint8_t sha256[BM_SHA256];
};

/* A credential in a slot; a chain of length 0 has not come. */
struct bm_held {
  uint8_t there;
  uint8_t slot;
  uint8_t kind;
  uint8_t algorithm;
  uint8_t operation[BM_OPERATION];
  struct bm_stored key;
  struct bm_stored chain;
};

#if BM_WITH_FILES
struct bm_file {
  uint8_t there;
  uint8_t mode[2];
  struct bm_stored content;
  uint8_t object[BM_SHA256];
  uint8_t path_length;
  uint8_t path[BM_PATH_SIZE];
};
#endif

struct bm_kept {
  uint8_t layout;
  uint8_t locked;
  struct bm_held committed;
  struct bm_held staged;
  uint8_t provisioned_length[2];
  uint8_t provisioned[BM_PROVISIONING];
#if BM_WITH_FILES
  struct bm_file files[BM_FILES];
#endif
};

enum bm_place { BM_KEY_PLACE, BM_CHAIN_PLACE };

/* Writes bytes that come in pieces, in whole units; the last one is filled up with FF. */
struct bm_pen {
  uint32_t at;
  size_t count;
  uint8_t gathered[BM_GATHER];
};

uint32_t bm_address(unsigned slot, enum bm_place place);

/* The newest whole record, or what a new unit knows. False when the memory does not answer. */
bool bm_load(struct bm_kept *kept, bool *is_new);
/* The one write that switches. */
bool bm_save(const struct bm_kept *kept);

bool bm_erase(unsigned slot, enum bm_place place);
bool bm_erase_slot(unsigned slot);
/* Erases the slots that no record names: a power cut may have left a key in one, half arrived or replaced. */
bool bm_erase_unnamed(const struct bm_kept *kept);

void bm_pen_begin(struct bm_pen *pen, uint32_t at);
bool bm_pen_write(struct bm_pen *pen, const uint8_t *bytes, size_t length);
bool bm_pen_end(struct bm_pen *pen);

/* Whether the slot holds what the record says. */
bool bm_holds(const struct bm_held *held, enum bm_place place);
/* Copies it, after the same comparison; zeroes the copy when it differs. */
bool bm_read_stored(const struct bm_held *held, enum bm_place place, uint8_t *bytes);

uint16_t bm_stored_length(const struct bm_stored *stored);

#endif
