#include "memory.h"

#include "bytes.h"
#include "crc32.h"

/* A record's struct has no holes, and is as long as limits.h says. */
typedef char bm_record_is_bytes[sizeof(struct bm_kept) == BM_RECORD_SIZE ? 1 : -1];

enum { LAYOUT = 1, PIECE = 32 };

uint32_t bm_address(unsigned slot, enum bm_place place) {
  return 2u * BM_CELL_SIZE + slot * BM_SLOT_SIZE + (place == BM_CHAIN_PLACE ? BM_KEY_AREA : 0u);
}

uint16_t bm_stored_length(const struct bm_stored *stored) { return bm_get16le(stored->length); }

/* Only pages that are not blank: an erase wears a page out. */
static bool erase_area(uint32_t from, uint32_t size) {
  uint8_t piece[PIECE];
  for (uint32_t page = from; page < from + size; page += BM_PAGE_SIZE) {
    uint8_t all = 0xff;
    for (uint32_t at = 0; at < BM_PAGE_SIZE && all == 0xff; at += PIECE) {
      const size_t length = BM_PAGE_SIZE - at < PIECE ? BM_PAGE_SIZE - at : PIECE;
      if (!bm_port_flash_read(page + at, piece, length)) return false;
      for (size_t byte = 0; byte < length; byte += 1) all &= piece[byte];
    }
    if (all != 0xff && !bm_port_flash_erase(page)) return false;
  }
  bm_zero(piece, sizeof piece);
  return true;
}

bool bm_erase(unsigned slot, enum bm_place place) {
  return erase_area(bm_address(slot, place), place == BM_KEY_PLACE ? BM_KEY_AREA : BM_CHAIN_AREA);
}

bool bm_erase_slot(unsigned slot) { return bm_erase(slot, BM_KEY_PLACE) && bm_erase(slot, BM_CHAIN_PLACE); }

bool bm_erase_unnamed(const struct bm_kept *kept) {
  for (unsigned slot = 0; slot < 2; slot += 1) {
    const bool named =
        (kept->committed.there && kept->committed.slot == slot) || (kept->staged.there && kept->staged.slot == slot);
    if (!named && !bm_erase_slot(slot)) return false;
  }
  return true;
}

void bm_pen_begin(struct bm_pen *pen, uint32_t at) {
  pen->at = at;
  pen->count = 0;
}

static bool write_gathered(struct bm_pen *pen, size_t length) {
  if (!bm_port_flash_write(pen->at, pen->gathered, length)) return false;
  pen->at += (uint32_t)length;
  pen->count = 0;
  bm_zero(pen->gathered, sizeof pen->gathered);
  return true;
}

bool bm_pen_write(struct bm_pen *pen, const uint8_t *bytes, size_t length) {
  for (size_t at = 0; at < length; at += 1) {
    pen->gathered[pen->count++] = bytes[at];
    if (pen->count == sizeof pen->gathered && !write_gathered(pen, pen->count)) return false;
  }
  return true;
}

bool bm_pen_end(struct bm_pen *pen) {
  if (pen->count == 0) return true;
  const size_t length = BM_UP_TO(pen->count, BM_WRITE_UNIT);
  bm_fill(pen->gathered + pen->count, 0xff, length - pen->count);
  return write_gathered(pen, length);
}

/* The digest of what lies there, copied to bytes on the way unless that is NULL. */
static bool digest_of(uint32_t at, size_t length, uint8_t *bytes, uint8_t digest[BM_SHA256]) {
  struct bm_sha256 hash;
  uint8_t piece[PIECE];
  bm_sha256_begin(&hash);
  for (size_t from = 0; from < length; from += PIECE) {
    const size_t count = length - from < PIECE ? length - from : PIECE;
    if (!bm_port_flash_read(at + (uint32_t)from, piece, count)) return false;
    bm_sha256_add(&hash, piece, count);
    if (bytes != NULL) bm_copy(bytes + from, piece, count);
  }
  bm_sha256_end(&hash, digest);
  bm_zero(piece, sizeof piece);
  return true;
}

static bool read_compared(const struct bm_held *held, enum bm_place place, uint8_t *bytes) {
  const struct bm_stored *const stored = place == BM_KEY_PLACE ? &held->key : &held->chain;
  const uint16_t length = bm_stored_length(stored);
  uint8_t digest[BM_SHA256];
  const bool read = length > 0 && digest_of(bm_address(held->slot, place), length, bytes, digest);
  if (read && bm_equal(digest, stored->sha256, sizeof digest)) return true;
  if (bytes != NULL) bm_zero(bytes, length);
  return false;
}

bool bm_holds(const struct bm_held *held, enum bm_place place) { return read_compared(held, place, NULL); }

bool bm_read_stored(const struct bm_held *held, enum bm_place place, uint8_t *bytes) {
  return read_compared(held, place, bytes);
}

enum cell { NO_ANSWER, NO_RECORD, A_RECORD };

/* Whether a whole record lies in this cell: its length and its CRC. */
static enum cell look(unsigned cell, uint32_t *sequence) {
  const uint32_t at = cell * BM_CELL_SIZE;
  const uint32_t end = BM_CELL_HEAD + BM_RECORD_SIZE;
  uint8_t piece[PIECE];
  uint32_t crc = 0;
  if (!bm_port_flash_read(at, piece, BM_CELL_HEAD)) return NO_ANSWER;
  *sequence = bm_get32le(piece);
  if (bm_get16le(piece + 4) != BM_RECORD_SIZE) return NO_RECORD;
  for (uint32_t from = 0; from < end; from += PIECE) {
    const size_t count = end - from < PIECE ? end - from : PIECE;
    if (!bm_port_flash_read(at + from, piece, count)) return NO_ANSWER;
    crc = bm_crc32(crc, piece, count);
  }
  if (!bm_port_flash_read(at + end, piece, BM_CRC)) return NO_ANSWER;
  return crc == bm_get32le(piece) ? A_RECORD : NO_RECORD;
}

/* Which cell holds the newest record, if any does. */
static bool newest(unsigned *cell, uint32_t *sequence, bool *none) {
  uint32_t sequences[2];
  const enum cell first = look(0, &sequences[0]);
  const enum cell second = look(1, &sequences[1]);
  if (first == NO_ANSWER || second == NO_ANSWER) return false;
  *none = first == NO_RECORD && second == NO_RECORD;
  *cell = second == A_RECORD && (first == NO_RECORD || sequences[1] > sequences[0]) ? 1 : 0;
  *sequence = sequences[*cell];
  return true;
}

/* What another firmware kept, with other sizes, is not read as ours. */
static bool makes_sense(const struct bm_held *held) {
  if (held->there == 0) return true;
  return held->there == 1 && held->slot < 2 && held->kind <= BM_MADE && bm_stored_length(&held->key) <= BM_KEY_SIZE &&
         bm_stored_length(&held->chain) <= BM_CHAIN_SIZE;
}

bool bm_load(struct bm_kept *kept, bool *is_new) {
  unsigned cell = 0;
  uint32_t sequence = 0;
  if (!newest(&cell, &sequence, is_new)) return false;
  if (!*is_new) {
    if (!bm_port_flash_read(cell * BM_CELL_SIZE + BM_CELL_HEAD, (uint8_t *)kept, sizeof *kept)) return false;
    if (kept->layout == LAYOUT && makes_sense(&kept->committed) && makes_sense(&kept->staged) &&
        bm_get16le(kept->provisioned_length) <= BM_PROVISIONING)
      return true;
    *is_new = true;
  }
  bm_fill((uint8_t *)kept, 0, sizeof *kept);
  kept->layout = LAYOUT;
  return true;
}

bool bm_save(const struct bm_kept *kept) {
  unsigned cell = 0;
  uint32_t sequence = 0;
  bool none = false;
  uint8_t head[BM_CELL_HEAD];
  uint8_t crc[BM_CRC];
  struct bm_pen pen;
  if (!newest(&cell, &sequence, &none)) return false;
  const uint32_t at = (none ? 0u : 1u - cell) * BM_CELL_SIZE;
  bm_put32le(head, none ? 1 : sequence + 1);
  bm_put16le(head + 4, BM_RECORD_SIZE);
  bm_put32le(crc, bm_crc32(bm_crc32(0, head, sizeof head), (const uint8_t *)kept, sizeof *kept));
  bm_pen_begin(&pen, at);
  return erase_area(at, BM_CELL_SIZE) && bm_pen_write(&pen, head, sizeof head) &&
         bm_pen_write(&pen, (const uint8_t *)kept, sizeof *kept) && bm_pen_write(&pen, crc, sizeof crc) &&
         bm_pen_end(&pen);
}
