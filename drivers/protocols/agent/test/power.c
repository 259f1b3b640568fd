/* Cuts a unit's power at bytes of its memory: `power CORPUS EVERY FROM`, at byte FROM and each EVERY bytes further on. Afterwards one
 * whole credential is in force, and when the station has begun again from the start, the last one of the corpus. */
#include <stdio.h>
#include <stdlib.h>

#include "../core/memory.h"
#include "corpus.h"

static bool live(void) {
  uint8_t answer[1024];
  if (setjmp(ram.cut) != 0) return false;
  ram_boot();
  for (size_t at = 0; at < corpus.frame_count; at += 1) {
    (void)ram_ask(corpus.frames[at].bytes, corpus.frames[at].length, answer);
  }
  return true;
}

/* Nothing is left of what was replaced: the slot that no record names is blank. */
static bool is_cleared(void) {
  struct bm_kept kept;
  bool is_new = false;
  if (!bm_load(&kept, &is_new) || kept.staged.there) return false;
  const uint8_t *const slot = ram.flash + bm_address(1 - kept.committed.slot, BM_KEY_PLACE);
  for (size_t at = 0; at < BM_SLOT_SIZE; at += 1) {
    if (slot[at] != 0xff) return false;
  }
  return true;
}

static void check_end(unsigned long cut) {
  if (corpus_check("at the end") == (int)corpus.key_count - 1 && bm_is_locked() && is_cleared()) return;
  (void)fprintf(stderr, "not the last credential alone, after a cut at byte %lu\n", cut);
  exit(1);
}

int main(int count, char **arguments) {
  if (count != 4) return 2;
  corpus_read(arguments[1]);
  const unsigned long every = strtoul(arguments[2], NULL, 10);
  const unsigned long from = strtoul(arguments[3], NULL, 10);
  static unsigned long seen[33];
  ram_fresh();
  if (!live()) return 1;
  check_end(0);
  const unsigned long total = ram.written;
  unsigned long cuts = 0;
  for (unsigned long cut = from; cut <= total; cut += every, cuts += 1) {
    ram_fresh();
    ram.cut_at = cut;
    (void)live();
    seen[corpus_check("after a cut") + 1] += 1;
    /* And once more soon after it starts again, in what it clears up or begins anew. */
    ram.written = 0;
    ram.cut_at = 1 + cut * 31 % 3000;
    (void)live();
    (void)corpus_check("after a second cut");
    ram.cut_at = 0;
    if (!live()) return 1;
    check_end(cut);
  }
  printf("%lu bytes written, %lu cuts, in force after them:", total, cuts);
  for (size_t at = 0; at <= corpus.key_count; at += 1) printf(" %lu", seen[at]);
  printf("\n");
  return 0;
}
