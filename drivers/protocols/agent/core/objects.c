/* How objects come in, a chunk at a time (uart-v1.md, Objects). */
#include "agent.h"
#include "bytes.h"

static bool is_key(enum bm_object object) { return object == BM_SYMMETRIC_KEY || object == BM_PRIVATE_KEY; }

/* What belongs to a credential; the rest is named by its content, and goes with any. */
static bool of_credential(enum bm_object object) { return is_key(object) || object == BM_CHAIN; }

static const uint8_t *provisioned_digest(const struct bm_kept *kept, const uint8_t *operation) {
  static uint8_t digest[BM_SHA256];
  const uint16_t length = bm_get16le(kept->provisioned_length);
  if (length == 0) return NULL;
  bm_sha256(kept->provisioned, length, digest);
  return bm_equal(digest, operation, BM_OPERATION) ? digest : NULL;
}

const uint8_t *bm_held_digest(const struct bm_kept *kept, enum bm_object object, const uint8_t *operation) {
  const struct bm_held *const held = bm_held_as(kept, operation);
  switch (object) {
    case BM_NO_OBJECT:
      return NULL;
    case BM_PROVISIONING_OBJECT:
      return provisioned_digest(kept, operation);
    case BM_SYMMETRIC_KEY:
      return held != NULL && held->kind == BM_SYMMETRIC ? held->key.sha256 : NULL;
    case BM_PRIVATE_KEY:
      return held != NULL && held->kind == BM_SENT ? held->key.sha256 : NULL;
    case BM_CHAIN:
      return held != NULL && bm_stored_length(&held->chain) > 0 ? held->chain.sha256 : NULL;
    case BM_FILE:
#if BM_WITH_FILES
      return bm_file_of(kept, operation) != NULL ? bm_file_of(kept, operation)->object : NULL;
#else
      return NULL;
#endif
  }
  return NULL;
}

/* What is encrypted anew each time cannot be compared: it is held once it is in force, and its proof decides. */
static bool is_held(const struct bm_kept *kept, enum bm_object object, enum bm_delivery delivery,
                    const uint8_t *operation) {
  if (bm_held_digest(kept, object, operation) == NULL) return false;
#if BM_WITH_FILES
  if (object == BM_FILE) return bm_file_is_there(bm_file_of(kept, operation));
#endif
  return delivery == BM_CLEAR || bm_is_committed(kept, operation);
}

/* Longest bytes as they travel. */
static size_t longest(enum bm_object object, enum bm_delivery delivery) {
  if (object == BM_PROVISIONING_OBJECT) return BM_PROVISIONING;
  if (object == BM_CHAIN) return BM_CHAIN_SIZE;
  if (object == BM_FILE) return BM_FILE_OBJECT;
  if (delivery == BM_SEALED_TO_TPM) return BM_SEALED;
  return delivery == BM_CHANNEL ? BM_KEY_SIZE + BM_TAG : BM_KEY_SIZE;
}

/* Why what the unit does not hold may not begin, or BM_OK. */
static enum bm_refusal refused_at_begin(const struct bm_agent *agent, enum bm_object object, enum bm_delivery delivery,
                                        const struct bm_value *asks) {
  const struct bm_kept *const kept = &agent->kept;
  const uint8_t *const operation = asks[2].bytes;
  struct bm_value registration;
  /* Under the name of what is in force there is nothing else to be had. */
  if (of_credential(object) && bm_is_committed(kept, operation)) {
    return object == BM_CHAIN ? BM_NO_KEY : BM_OTHER_CREDENTIAL;
  }
  if (kept->locked) return BM_LOCKED;
  if (asks[4].number > longest(object, delivery)) return BM_TOO_LONG;
  if (delivery == BM_CHANNEL &&
      (!agent->channel.there || !bm_equal(agent->channel.operation, operation, BM_OPERATION))) {
    return BM_NO_CHANNEL;
  }
  if (delivery == BM_SEALED_TO_TPM && !bm_registration(kept, &registration)) return BM_NOT_PROVISIONED;
  const bool has_key = bm_is_staged(kept, operation) && kept->staged.kind != BM_SYMMETRIC;
  return object == BM_CHAIN && !has_key ? BM_NO_KEY : BM_OK;
}

static enum bm_refusal says_held(struct bm_agent *agent, bool held) {
  bm_answer(agent, 1);
  bm_write_uint(&agent->out, 2);
  bm_write_bool(&agent->out, held);
  return BM_OK;
}

static enum bm_refusal start(struct bm_agent *agent, enum bm_object object, enum bm_delivery delivery,
                             const struct bm_value *asks) {
  struct bm_arriving *const arriving = &agent->arriving;
  const uint8_t slot = bm_free_slot(&agent->kept);
  bm_forget_work(agent);
  const bool ready = is_key(object) ? bm_make_room(agent) : object != BM_CHAIN || bm_erase(slot, BM_CHAIN_PLACE);
  if (!ready) return bm_failed(agent);
  arriving->object = object;
  arriving->delivery = delivery;
  arriving->slot = slot;
  arriving->total = asks[4].number;
  bm_copy(arriving->operation, asks[2].bytes, BM_OPERATION);
  bm_sha256_begin(&arriving->hash);
  bm_pen_begin(&arriving->pen, bm_address(slot, object == BM_CHAIN ? BM_CHAIN_PLACE : BM_KEY_PLACE));
  return says_held(agent, false);
}

enum bm_refusal bm_begin(struct bm_agent *agent, const struct bm_value *asks) {
  const struct bm_kept *const kept = &agent->kept;
  const enum bm_object object = bm_object_named(&asks[3]);
  const enum bm_delivery delivery = bm_delivery_named(&asks[5]);
  if (object == BM_NO_OBJECT) return BM_UNKNOWN_OBJECT;
  /* Only keys are encrypted: a chain, provisioning information and files are public. */
  if (delivery == BM_NO_DELIVERY || (delivery != BM_CLEAR && !is_key(object))) return BM_UNKNOWN_DELIVERY;
  if (is_held(kept, object, delivery, asks[2].bytes)) {
    bm_forget_work(agent);
    return says_held(agent, true);
  }
  /* A chain belongs to the key that is staged, which named what it replaces. */
  const bool belongs = object == BM_CHAIN && bm_is_staged(kept, asks[2].bytes);
  if (of_credential(object) && !belongs && bm_is_other(kept, asks[2].bytes, &asks[6])) return BM_OTHER_CREDENTIAL;
  const enum bm_refusal refusal = refused_at_begin(agent, object, delivery, asks);
  return refusal == BM_OK ? start(agent, object, delivery, asks) : refusal;
}

enum bm_refusal bm_chunk(struct bm_agent *agent, const struct bm_value *asks) {
  struct bm_arriving *const arriving = &agent->arriving;
  const bool is_next = arriving->object != BM_NO_OBJECT && arriving->object == bm_object_named(&asks[3]) &&
                       bm_equal(arriving->operation, asks[2].bytes, BM_OPERATION) &&
                       arriving->total == asks[5].number && arriving->received == asks[4].number &&
                       asks[4].number + asks[6].length <= asks[5].number;
  if (!is_next) return BM_OUT_OF_ORDER;
  const uint8_t *const bytes = asks[6].bytes;
  const uint16_t length = asks[6].length;
  /* What is encrypted waits until it is opened, as provisioning information and files until they are read. */
  if (of_credential(arriving->object) && arriving->delivery == BM_CLEAR) {
    if (!bm_pen_write(&arriving->pen, bytes, length)) return bm_failed(agent);
  } else bm_copy(agent->work + arriving->received, bytes, length);
  bm_sha256_add(&arriving->hash, bytes, length);
  arriving->received = (uint16_t)(arriving->received + length);
  bm_answer(agent, 1);
  bm_write_uint(&agent->out, 2);
  bm_write_uint(&agent->out, arriving->received);
  return BM_OK;
}
