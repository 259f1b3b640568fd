/* What follows from what is kept. */
#include "agent.h"
#include "bytes.h"

static bool names(const struct bm_held *held, const uint8_t *operation) {
  return held->there != 0 && bm_equal(held->operation, operation, BM_OPERATION);
}

bool bm_is_committed(const struct bm_kept *kept, const uint8_t *operation) { return names(&kept->committed, operation); }

bool bm_is_staged(const struct bm_kept *kept, const uint8_t *operation) { return names(&kept->staged, operation); }

const struct bm_held *bm_held_as(const struct bm_kept *kept, const uint8_t *operation) {
  if (bm_is_committed(kept, operation)) return &kept->committed;
  return bm_is_staged(kept, operation) ? &kept->staged : NULL;
}

bool bm_is_other(const struct bm_kept *kept, const uint8_t *operation, const struct bm_value *replaces) {
  if (!kept->committed.there || bm_is_committed(kept, operation)) return false;
  return !replaces->there || !bm_is_committed(kept, replaces->bytes);
}

uint8_t bm_free_slot(const struct bm_kept *kept) { return kept->committed.there && kept->committed.slot == 0 ? 1 : 0; }

const struct bm_held *bm_came_with(const struct bm_kept *kept) {
  const struct bm_held *const held = &kept->committed;
  const bool own = held->there && bm_stored_length(&held->chain) > 0 &&
                   bm_equal(held->operation, held->chain.sha256, BM_OPERATION);
  return own ? held : NULL;
}

bool bm_read_provisioning(const uint8_t *bytes, size_t length, struct bm_value texts[BM_KEYS]) {
  static const struct bm_field fields[] = {
      {0, BM_TEXT, false, 1, 32}, {1, BM_TEXT, false, 1, 253}, {2, BM_TEXT, false, 1, BM_REGISTRATION}};
  return bm_read_map(bytes, length, fields, 3, 0, texts) == BM_READ;
}

bool bm_registration(const struct bm_kept *kept, struct bm_value *registration) {
  struct bm_value texts[BM_KEYS];
  const uint16_t length = bm_get16le(kept->provisioned_length);
  if (length == 0 || !bm_read_provisioning(kept->provisioned, length, texts)) return false;
  *registration = texts[2];
  return true;
}

bool bm_registration_digest(const struct bm_kept *kept, uint8_t digest[BM_SHA256]) {
  struct bm_value registration;
  if (!bm_registration(kept, &registration)) return false;
  bm_sha256(registration.bytes, registration.length, digest);
  return true;
}

bool bm_make_room(struct bm_agent *agent) {
  struct bm_kept *const kept = &agent->kept;
  if (kept->staged.there) {
    bm_fill((uint8_t *)&kept->staged, 0, sizeof kept->staged);
    if (!bm_save(kept)) return false;
  }
  return bm_erase_slot(bm_free_slot(kept));
}

uint8_t *bm_borrow_key(struct bm_agent *agent, const struct bm_held *held) {
  uint8_t *const key = agent->work + sizeof agent->work - bm_stored_length(&held->key);
  bm_forget_work(agent);
  return bm_read_stored(held, BM_KEY_PLACE, key) ? key : NULL;
}
