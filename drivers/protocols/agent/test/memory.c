#include "../core/memory.h"

#include <string.h>

#include "../core/bytes.h"
#include "ram.h"
#include "runner.h"

static struct bm_kept kept;

static bool loads(uint8_t locked) {
  bool is_new = true;
  return bm_load(&kept, &is_new) && !is_new && kept.locked == locked;
}

static void record(void) {
  bool is_new = false;
  ram_fresh();
  EXPECT(bm_load(&kept, &is_new) && is_new);
  for (uint8_t at = 1; at < 6; at += 1) {
    kept.locked = at;
    EXPECT(bm_save(&kept) && loads(at));
  }
}

/* Every byte of a save: the old record or the new one. */
static void torn(void) {
  ram_fresh();
  bool is_new = false;
  EXPECT(bm_load(&kept, &is_new));
  kept.locked = 1;
  EXPECT(bm_save(&kept));
  kept.locked = 2;
  EXPECT(bm_save(&kept));
  static uint8_t before[BM_FLASH_SIZE];
  memcpy(before, ram.flash, sizeof before);
  const unsigned long from = ram.written;
  kept.locked = 3;
  EXPECT(bm_save(&kept) && loads(3));
  const unsigned long steps = ram.written - from;
  for (volatile unsigned long cut = 1; cut < steps; cut += 1) {
    memcpy(ram.flash, before, sizeof before);
    ram.written = 0;
    ram.cut_at = cut;
    if (setjmp(ram.cut) == 0) (void)bm_save(&kept);
    /* Only the last bytes, which fill the unit up, are behind the record. */
    EXPECT(loads(2) || (loads(3) && steps - cut < BM_WRITE_UNIT));
    kept.locked = 3;
  }
}

static void other_firmware(void) {
  bool is_new = false;
  ram_fresh();
  EXPECT(bm_load(&kept, &is_new));
  kept.committed.there = 1;
  kept.committed.slot = 9;
  EXPECT(bm_save(&kept) && bm_load(&kept, &is_new) && is_new && !kept.committed.there);
}

static void slots(void) {
  static uint8_t bytes[300];
  static uint8_t back[BM_KEY_SIZE];
  struct bm_held held = {.there = 1, .slot = 1};
  struct bm_pen pen;
  memset(bytes, 0x31, sizeof bytes);
  ram_fresh();
  bm_pen_begin(&pen, bm_address(1, BM_KEY_PLACE));
  /* In pieces that are no whole units. */
  EXPECT(bm_pen_write(&pen, bytes, 7) && bm_pen_write(&pen, bytes, 100) && bm_pen_write(&pen, bytes, 193) && bm_pen_end(&pen));
  bm_put16le(held.key.length, sizeof bytes);
  bm_sha256(bytes, sizeof bytes, held.key.sha256);
  EXPECT(bm_holds(&held, BM_KEY_PLACE) && bm_read_stored(&held, BM_KEY_PLACE, back));
  EXPECT(memcmp(back, bytes, sizeof bytes) == 0 && !bm_holds(&held, BM_CHAIN_PLACE));
  ram.flash[bm_address(1, BM_KEY_PLACE) + 150] ^= 1;
  EXPECT(!bm_read_stored(&held, BM_KEY_PLACE, back) && back[0] == 0);
}

static void unnamed(void) {
  bool is_new = false;
  ram_fresh();
  EXPECT(bm_load(&kept, &is_new));
  memset(ram.flash + bm_address(0, BM_KEY_PLACE), 0x42, 40);
  memset(ram.flash + bm_address(1, BM_CHAIN_PLACE), 0x42, 40);
  kept.committed.there = 1;
  kept.committed.slot = 0;
  EXPECT(bm_erase_unnamed(&kept));
  EXPECT(ram.flash[bm_address(0, BM_KEY_PLACE)] == 0x42 && ram.flash[bm_address(1, BM_CHAIN_PLACE)] == 0xff);
}

const struct test memory_tests[] = {
    {"the newest record counts", record},
    {"a record that was torn at any byte leaves the one before it", torn},
    {"a record that another firmware wrote is none", other_firmware},
    {"a slot holds what its record says, and a changed bit is found", slots},
    {"a slot that no record names is erased", unnamed},
    {0, 0},
};
