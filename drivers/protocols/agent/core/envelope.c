/* Keys that travel encrypted (uart-v1.md): the channel's agreement, and what an envelope is tied to. */
#include "agent.h"
#include "bytes.h"

#if BM_WITH_CHANNEL || BM_WITH_TPM

/* Kind of object, 00, operation id, SHA-256 of the registration ID. */
#define LONGEST_KIND 13
#define ASSOCIATED (LONGEST_KIND + 1 + BM_OPERATION + BM_SHA256)

bool bm_open_envelope(struct bm_agent *agent, const uint8_t key[32], const uint8_t iv[12], uint8_t *bytes, size_t length) {
  const char *const kind = bm_object_name(agent->arriving.object);
  const size_t kind_length = bm_length(kind) + 1;
  uint8_t associated[ASSOCIATED];
  if (length < BM_TAG) return false;
  bm_copy(associated, (const uint8_t *)kind, kind_length);
  bm_copy(associated + kind_length, agent->arriving.operation, BM_OPERATION);
  if (!bm_registration_digest(&agent->kept, associated + kind_length + BM_OPERATION)) return false;
  const size_t end = length - BM_TAG;
  const size_t whole = kind_length + BM_OPERATION + BM_SHA256;
  if (bm_port_open(key, iv, associated, whole, bytes, end, bytes + end)) return true;
  /* Nothing of what does not authenticate is used. */
  bm_zero(bytes, end);
  return false;
}

#endif

#if BM_WITH_CHANNEL

static uint8_t *append(uint8_t *to, const uint8_t *bytes, size_t length) {
  bm_copy(to, bytes, length);
  return to + length;
}

/* HKDF-SHA256 over the shared x coordinate, with both points and what they are for as info. */
static void derive(struct bm_channel *channel, const uint8_t shared[32], const uint8_t *station, const uint8_t *own,
                   const uint8_t registration[BM_SHA256]) {
  static const uint8_t label[21] = "birthmark-channel-v1";
  static const uint8_t station_says[8] = "station";
  static const uint8_t unit_says[5] = "unit";
  uint8_t info[sizeof label + sizeof station_says + sizeof unit_says + 2 * BM_POINT + BM_OPERATION + BM_SHA256];
  uint8_t derived[sizeof channel->key + sizeof channel->iv];
  uint8_t *to = append(info, label, sizeof label);
  to = append(to, station_says, sizeof station_says);
  to = append(to, station, BM_POINT);
  to = append(to, unit_says, sizeof unit_says);
  to = append(to, own, BM_POINT);
  to = append(to, channel->operation, BM_OPERATION);
  append(to, registration, BM_SHA256);
  bm_hkdf(shared, 32, info, sizeof info, derived, sizeof derived);
  bm_copy(channel->key, derived, sizeof channel->key);
  bm_copy(channel->iv, derived + sizeof channel->key, sizeof channel->iv);
  bm_zero(derived, sizeof derived);
}

enum bm_refusal bm_agree(struct bm_agent *agent, const struct bm_value *asks) {
  struct bm_channel *const channel = &agent->channel;
  uint8_t registration[BM_SHA256];
  uint8_t own[BM_POINT];
  uint8_t shared[32];
  /* What came under an earlier channel can no longer be opened. */
  bm_forget_work(agent);
  bm_forget_channel(agent);
  if (!bm_registration_digest(&agent->kept, registration)) return BM_NOT_PROVISIONED;
  /* Other forms have other lengths, but for the hybrid one: 06 and 07 would be a second spelling of one key. */
  if (asks[3].bytes[0] != 4 || !bm_port_agree(asks[3].bytes, own, shared)) return BM_BAD_POINT;
  channel->there = true;
  bm_copy(channel->operation, asks[2].bytes, BM_OPERATION);
  derive(channel, shared, asks[3].bytes, own, registration);
  bm_zero(shared, sizeof shared);
  bm_answer(agent, 1);
  bm_write_uint(&agent->out, 2);
  bm_write_bytes(&agent->out, own, sizeof own);
  return BM_OK;
}

#endif
