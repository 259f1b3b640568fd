/* Files that other programs of the unit read (uart-v1.md, Files). */
#include "agent.h"
#include "bytes.h"

#if BM_WITH_FILES

const struct bm_file *bm_file_of(const struct bm_kept *kept, const uint8_t *operation) {
  for (size_t at = 0; at < BM_FILES; at += 1) {
    const struct bm_file *const file = &kept->files[at];
    if (file->there && bm_equal(file->object, operation, BM_OPERATION)) return file;
  }
  return NULL;
}

static const char *path_of(const struct bm_file *file) {
  static char path[BM_PATH_SIZE + 1];
  bm_copy((uint8_t *)path, file->path, file->path_length);
  path[file->path_length] = '\0';
  return path;
}

/* It is read before it is said to be there. */
bool bm_file_is_there(const struct bm_file *file) {
  struct bm_sha256 hash;
  uint8_t digest[BM_SHA256];
  uint8_t piece[64];
  size_t length = 0;
  size_t at = 0;
  bm_sha256_begin(&hash);
  do {
    if (!bm_port_file_read(path_of(file), at, piece, sizeof piece, &length)) return false;
    bm_sha256_add(&hash, piece, length);
    at += length;
  } while (length > 0 && at <= bm_stored_length(&file->content));
  bm_sha256_end(&hash, digest);
  return at == bm_stored_length(&file->content) && bm_equal(digest, file->content.sha256, sizeof digest);
}

/* Where a file of that path is kept, or may be; NULL when there is no room for one more. */
static struct bm_file *place_for(struct bm_kept *kept, const struct bm_value *path) {
  struct bm_file *free = NULL;
  for (size_t at = 0; at < BM_FILES; at += 1) {
    struct bm_file *const file = &kept->files[at];
    if (!file->there) free = file;
    else if (file->path_length == path->length && bm_equal(file->path, path->bytes, path->length)) return file;
  }
  return free;
}

static bool write_file(struct bm_file *file, const struct bm_value values[BM_KEYS], const uint8_t object[BM_SHA256]) {
  bm_fill((uint8_t *)file, 0, sizeof *file);
  file->there = 1;
  file->path_length = (uint8_t)values[0].length;
  bm_copy(file->path, values[0].bytes, values[0].length);
  bm_put16le(file->mode, values[1].number);
  bm_put16le(file->content.length, values[2].length);
  bm_sha256(values[2].bytes, values[2].length, file->content.sha256);
  bm_copy(file->object, object, BM_SHA256);
  return bm_port_file_write(path_of(file), values[1].number, values[2].bytes, values[2].length);
}

/* The file is in place before the record tells of it: a power cut between the two ends in its being sent again. */
enum bm_refusal bm_end_of_file(struct bm_agent *agent, const uint8_t object[BM_SHA256]) {
  static const struct bm_field fields[] = {
      {0, BM_TEXT, false, 1, 255}, {1, BM_UINT, false, 0, 0777}, {2, BM_BYTES, false, 1, 15872}};
  struct bm_value values[BM_KEYS];
  const bool read = bm_read_map(agent->work, agent->arriving.total, fields, 3, 0, values) == BM_READ;
  enum bm_refusal refusal = BM_OK;
  if (!read || values[0].length < 2 || values[0].bytes[0] != '/' || values[0].bytes[1] == '/') refusal = BM_OBJECT_INVALID;
  else {
    struct bm_file *const file = place_for(&agent->kept, &values[0]);
    if (file == NULL || values[2].length > BM_FILE_SIZE || values[0].length > BM_PATH_SIZE) refusal = BM_TOO_LONG;
    else if (!write_file(file, values, object)) return bm_failed(agent);
  }
  if (refusal != BM_OK) {
    bm_forget_work(agent);
    return refusal;
  }
  refusal = bm_keep(agent);
  if (refusal == BM_OK) bm_answer(agent, 0);
  return refusal;
}

#endif
