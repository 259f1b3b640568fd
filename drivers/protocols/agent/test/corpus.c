#include "corpus.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../core/memory.h"

struct corpus corpus;

static void stop(const char *what, const char *when) {
  (void)fprintf(stderr, "%s: %s\n", what, when);
  exit(1);
}

void corpus_read(const char *path) {
  static char line[4096];
  FILE *const file = fopen(path, "r");
  if (file == NULL) stop("no corpus", path);
  while (fgets(line, sizeof line, file) != NULL) {
    if (strncmp(line, "frame ", 6) == 0 && corpus.frame_count < 512) {
      struct frame_of *const frame = &corpus.frames[corpus.frame_count++];
      frame->length = ram_read_hex(line + 6, frame->bytes, sizeof frame->bytes);
    } else if (strncmp(line, "key ", 4) == 0 && corpus.key_count < 32) {
      (void)ram_read_hex(line + 4, corpus.keys[corpus.key_count++], 32);
    } else stop("a line that is none of a corpus", line);
  }
  (void)fclose(file);
  if (corpus.frame_count == 0) stop("an empty corpus", path);
}

static int which(const struct bm_held *held) {
  for (size_t at = 0; at < corpus.key_count; at += 1) {
    if (memcmp(corpus.keys[at], held->key.sha256, 32) == 0) return (int)at;
  }
  return -1;
}

int corpus_check(const char *when) {
  struct bm_kept kept;
  bool is_new = false;
  if (!bm_load(&kept, &is_new)) stop("the memory cannot be read", when);
  if (kept.staged.there && !bm_holds(&kept.staged, BM_KEY_PLACE)) stop("half a staged key", when);
  if (!kept.committed.there) return -1;
  if (!bm_holds(&kept.committed, BM_KEY_PLACE)) stop("half a key in force", when);
  if (kept.committed.kind != BM_SYMMETRIC && !bm_holds(&kept.committed, BM_CHAIN_PLACE)) stop("a key without its chain", when);
  const int key = which(&kept.committed);
  if (key < 0) stop("a key that nobody sent", when);
  return key;
}
