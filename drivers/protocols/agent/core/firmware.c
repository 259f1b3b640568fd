/* What the firmware itself asks of the agent, and what the unit's maker puts into it. */
#include "../birthmark_agent.h"
#include "agent.h"
#include "bytes.h"

bool bm_is_locked(void) { return bm_the_agent.kept.locked != 0; }

bool bm_provisioned_text(enum bm_text which, char *text, size_t size) {
  struct bm_value texts[BM_KEYS];
  const struct bm_kept *const kept = &bm_the_agent.kept;
  const uint16_t length = bm_get16le(kept->provisioned_length);
  if (length == 0 || !bm_read_provisioning(kept->provisioned, length, texts)) return false;
  if (texts[which].length >= size) return false;
  bm_copy((uint8_t *)text, texts[which].bytes, texts[which].length);
  text[texts[which].length] = '\0';
  return true;
}

static bool in_force(enum bm_place place, uint8_t *bytes, size_t size, size_t *length) {
  const struct bm_held *const held = &bm_the_agent.kept.committed;
  *length = bm_stored_length(place == BM_KEY_PLACE ? &held->key : &held->chain);
  return held->there && *length > 0 && *length <= size && bm_read_stored(held, place, bytes);
}

bool bm_key_in_force(uint8_t *key, size_t size, size_t *length) { return in_force(BM_KEY_PLACE, key, size, length); }

bool bm_chain_in_force(uint8_t *chain, size_t size, size_t *length) {
  return in_force(BM_CHAIN_PLACE, chain, size, length);
}

#if BM_WITH_CERTIFICATES
static void name(struct bm_stored *stored, const uint8_t *bytes, size_t length) {
  bm_put16le(stored->length, (uint16_t)length);
  bm_sha256(bytes, length, stored->sha256);
}

static bool put(enum bm_place place, const uint8_t *bytes, size_t length) {
  struct bm_pen pen;
  bm_pen_begin(&pen, bm_address(0, place));
  return bm_erase(0, place) && bm_pen_write(&pen, bytes, length) && bm_pen_end(&pen);
}

bool bm_equip(const uint8_t *key, size_t key_length, const uint8_t *chain, size_t chain_length) {
  struct bm_agent *const agent = &bm_the_agent;
  struct bm_held *const held = &agent->kept.committed;
  bool is_new = false;
  size_t length = 0;
  if (!bm_load(&agent->kept, &is_new) || !is_new) return false;
  if (key_length > BM_KEY_SIZE || chain_length > BM_CHAIN_SIZE) return false;
  if (!bm_port_key_public(key, key_length, agent->work, BM_SPKI_SIZE, &length)) return false;
  if (!put(BM_KEY_PLACE, key, key_length) || !put(BM_CHAIN_PLACE, chain, chain_length)) return false;
  const uint32_t at = bm_address(0, BM_CHAIN_PLACE);
  if (bm_compare_chain(at, (uint16_t)chain_length, agent->work, length) != BM_OK) return false;
  held->there = 1;
  held->kind = BM_SENT;
  name(&held->key, key, key_length);
  name(&held->chain, chain, chain_length);
  bm_copy(held->operation, held->chain.sha256, BM_OPERATION);
  return bm_keep(agent) == BM_OK;
}
#endif
