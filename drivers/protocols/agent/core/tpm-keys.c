/* What the agent asks of its own TPM, by raw commands. */
#include "tpm-keys.h"

#include "bytes.h"

#if BM_WITH_TPM

enum { MOST_HANDLES = 64 };

#define HANDLE_NULL 0x40000007u
#define HANDLE_PASSWORD 0x40000009u
#define HANDLE_ENDORSEMENT 0x4000000bu
#define TRANSIENT 0x80000000u
#define PERSISTENT 0x81000000u

/* What of a public area is needed: type (2), name algorithm (2), attributes (4), policy. */
static bool read_area(struct bm_tpm_response area, struct bm_tpm_key *key) {
  struct bm_tpm_response policy;
  const uint8_t *head = NULL;
  if (!bm_tpm_take(&area, 8, &head) || !bm_tpm_take_sized(&area, &policy) || policy.left > sizeof key->policy) return false;
  key->name_algorithm = bm_get16be(head + 2);
  key->policy_length = (uint16_t)policy.left;
  bm_copy(key->policy, policy.at, policy.left);
  return true;
}

static bool is_named(const struct bm_tpm_response *said, const struct bm_value *name) {
  return said->left == name->length && bm_equal(said->at, name->bytes, name->length);
}

static enum bm_tpm_said flush(struct bm_agent *agent, uint32_t handle) {
  struct bm_tpm_command command = bm_tpm_begin(agent, NO_SESSIONS, FLUSH_CONTEXT);
  struct bm_tpm_response response;
  bm_tpm_put32(&command, handle);
  return bm_tpm_ask(agent, &command, &response);
}

bool bm_tpm_leave(struct bm_agent *agent, const struct bm_tpm_key *key) {
  return !key->passing || flush(agent, key->handle) != BM_TPM_SILENT;
}

static enum bm_tpm_said read_public(struct bm_agent *agent, uint32_t handle, const struct bm_value *wanted,
                                    struct bm_tpm_key *key) {
  struct bm_tpm_command command = bm_tpm_begin(agent, NO_SESSIONS, READ_PUBLIC);
  struct bm_tpm_response response;
  struct bm_tpm_response area;
  struct bm_tpm_response name;
  bm_tpm_put32(&command, handle);
  const enum bm_tpm_said said = bm_tpm_ask(agent, &command, &response);
  if (said != BM_TPM_DONE) return said;
  if (!bm_tpm_take_sized(&response, &area) || !bm_tpm_take_sized(&response, &name)) return BM_TPM_SILENT;
  if (!is_named(&name, wanted) || !read_area(area, key)) return BM_TPM_REFUSED;
  key->handle = handle;
  key->passing = false;
  return BM_TPM_DONE;
}

static enum bm_tpm_said handles_from(struct bm_agent *agent, uint32_t from, uint32_t handles[MOST_HANDLES],
                                     uint32_t *count) {
  struct bm_tpm_command command = bm_tpm_begin(agent, NO_SESSIONS, GET_CAPABILITY);
  struct bm_tpm_response response;
  const uint8_t *more = NULL;
  bm_tpm_put32(&command, 1); /* TPM_CAP_HANDLES */
  bm_tpm_put32(&command, from);
  bm_tpm_put32(&command, MOST_HANDLES);
  *count = 0;
  const enum bm_tpm_said said = bm_tpm_ask(agent, &command, &response);
  if (said != BM_TPM_DONE) return said;
  if (!bm_tpm_take(&response, 5, &more) || !bm_tpm_take32(&response, count) || *count > MOST_HANDLES) return BM_TPM_SILENT;
  for (uint32_t at = 0; at < *count; at += 1) {
    if (!bm_tpm_take32(&response, &handles[at])) return BM_TPM_SILENT;
  }
  return BM_TPM_DONE;
}

static void put_template(struct bm_tpm_command *command, const struct bm_tpm_template *template) {
  const size_t size_at = command->length;
  bm_tpm_put16(command, 0);
  bm_tpm_put16(command, template->type);
  bm_tpm_put16(command, template->name_algorithm);
  bm_tpm_put32(command, template->attributes);
  bm_tpm_put16(command, template->policy_length);
  if (template->policy != NULL) bm_tpm_put(command, template->policy, template->policy_length);
  bm_tpm_put16(command, ALGORITHM_AES);
  bm_tpm_put16(command, template->aes_bits);
  bm_tpm_put16(command, ALGORITHM_CFB);
  bm_tpm_put16(command, ALGORITHM_NULL);
  bm_tpm_put16(command, template->curve == 0 ? 2048 : template->curve);
  if (template->curve == 0) bm_tpm_put32(command, 0);
  else bm_tpm_put16(command, ALGORITHM_NULL);
  for (int part = 0; part < (template->curve == 0 ? 1 : 2); part += 1) {
    bm_tpm_put16(command, template->unique);
    bm_tpm_put_zeros(command, template->unique);
  }
  bm_put16be(command->bytes + size_at, (uint16_t)(command->length - size_at - 2));
}

/* TPM2_CreatePrimary; a key of another Name is flushed again. */
static enum bm_tpm_said create(struct bm_agent *agent, const struct bm_tpm_template *template,
                               const struct bm_value *wanted, struct bm_tpm_key *key) {
  static const uint32_t password = HANDLE_PASSWORD;
  struct bm_tpm_command command = bm_tpm_begin(agent, SESSIONS, CREATE_PRIMARY);
  struct bm_tpm_response response;
  struct bm_tpm_response area;
  struct bm_tpm_response other;
  const uint8_t *skipped = NULL;
  bm_tpm_put32(&command, HANDLE_ENDORSEMENT);
  bm_tpm_put_sessions(&command, &password, 1);
  bm_tpm_put16(&command, 4); /* no password, no data of its own */
  bm_tpm_put_zeros(&command, 4);
  put_template(&command, template);
  bm_tpm_put_zeros(&command, 6); /* no outside information, no PCRs */
  const enum bm_tpm_said said = bm_tpm_ask(agent, &command, &response);
  if (said != BM_TPM_DONE) return said;
  if (!bm_tpm_take32(&response, &key->handle)) return BM_TPM_SILENT;
  key->passing = true;
  /* Size of the parameters, public area, creation data, its hash, its ticket (tag, hierarchy, digest), name. */
  const bool whole = bm_tpm_take(&response, 4, &skipped) && bm_tpm_take_sized(&response, &area) && bm_tpm_take_sized(&response, &other) &&
                     bm_tpm_take_sized(&response, &other) && bm_tpm_take(&response, 6, &skipped) && bm_tpm_take_sized(&response, &other) &&
                     bm_tpm_take_sized(&response, &other);
  if (whole && is_named(&other, wanted) && read_area(area, key)) return BM_TPM_DONE;
  return flush(agent, key->handle) == BM_TPM_SILENT || !whole ? BM_TPM_SILENT : BM_TPM_REFUSED;
}

enum bm_tpm_said bm_tpm_find(struct bm_agent *agent, const struct bm_value *name, const struct bm_tpm_template *templates,
                             size_t count, struct bm_tpm_key *key) {
  static const uint32_t ranges[] = {TRANSIENT, PERSISTENT};
  uint32_t handles[MOST_HANDLES];
  uint32_t found = 0;
  for (size_t range = 0; range < 2; range += 1) {
    if (handles_from(agent, ranges[range], handles, &found) == BM_TPM_SILENT) return BM_TPM_SILENT;
    for (uint32_t at = 0; at < found; at += 1) {
      const enum bm_tpm_said said = read_public(agent, handles[at], name, key);
      if (said != BM_TPM_REFUSED) return said;
    }
  }
  for (size_t at = 0; at < count; at += 1) {
    const enum bm_tpm_said said = create(agent, &templates[at], name, key);
    if (said != BM_TPM_REFUSED) return said;
  }
  return BM_TPM_REFUSED;
}

static enum bm_tpm_said policy_or(struct bm_agent *agent, uint32_t session, bool sha384) {
  struct bm_tpm_command command = bm_tpm_begin(agent, NO_SESSIONS, POLICY_OR);
  struct bm_tpm_response response;
  const uint16_t length = sha384 ? sizeof bm_policy_a_384 : sizeof bm_policy_a_256;
  bm_tpm_put32(&command, session);
  bm_tpm_put32(&command, 2);
  bm_tpm_put16(&command, length);
  bm_tpm_put(&command, sha384 ? bm_policy_a_384 : bm_policy_a_256, length);
  bm_tpm_put16(&command, length);
  bm_tpm_put(&command, sha384 ? bm_policy_c_384 : bm_policy_c_256, length);
  return bm_tpm_ask(agent, &command, &response);
}

static enum bm_tpm_said policy_secret(struct bm_agent *agent, uint32_t session) {
  static const uint32_t password = HANDLE_PASSWORD;
  struct bm_tpm_command command = bm_tpm_begin(agent, SESSIONS, POLICY_SECRET);
  struct bm_tpm_response response;
  bm_tpm_put32(&command, HANDLE_ENDORSEMENT);
  bm_tpm_put32(&command, session);
  bm_tpm_put_sessions(&command, &password, 1);
  bm_tpm_put_zeros(&command, 10); /* no nonce, no command, no reference, no end */
  return bm_tpm_ask(agent, &command, &response);
}

static enum bm_tpm_said start_session(struct bm_agent *agent, uint16_t hash, uint32_t *session) {
  struct bm_tpm_command command = bm_tpm_begin(agent, NO_SESSIONS, START_AUTH_SESSION);
  struct bm_tpm_response response;
  uint8_t nonce[16];
  if (!bm_port_random(nonce, sizeof nonce)) return BM_TPM_REFUSED;
  bm_tpm_put32(&command, HANDLE_NULL);
  bm_tpm_put32(&command, HANDLE_NULL);
  bm_tpm_put16(&command, sizeof nonce);
  bm_tpm_put(&command, nonce, sizeof nonce);
  bm_tpm_put16(&command, 0);
  bm_tpm_put8(&command, 1); /* TPM_SE_POLICY */
  bm_tpm_put16(&command, ALGORITHM_NULL);
  bm_tpm_put16(&command, hash);
  const enum bm_tpm_said said = bm_tpm_ask(agent, &command, &response);
  if (said != BM_TPM_DONE) return said;
  return bm_tpm_take32(&response, session) ? BM_TPM_DONE : BM_TPM_SILENT;
}

static bool has_policy(const struct bm_tpm_key *key, const uint8_t *policy, size_t length) {
  return key->policy_length == length && bm_equal(key->policy, policy, length);
}

/* A session in which the endorsement key's policy is satisfied; that hierarchy has no password. */
static enum bm_tpm_said policy_session(struct bm_agent *agent, const struct bm_tpm_key *key, uint32_t *session) {
  const bool sha384 = key->name_algorithm == ALGORITHM_SHA384;
  const size_t length = sha384 ? sizeof bm_policy_a_384 : sizeof bm_policy_a_256;
  const bool either = has_policy(key, sha384 ? bm_policy_b_384 : bm_policy_b_256, length);
  const bool secret = has_policy(key, sha384 ? bm_policy_a_384 : bm_policy_a_256, length);
  if ((!sha384 && key->name_algorithm != ALGORITHM_SHA256) || (!either && !secret)) return BM_TPM_REFUSED;
  enum bm_tpm_said said = start_session(agent, key->name_algorithm, session);
  if (said != BM_TPM_DONE) return said;
  said = policy_secret(agent, *session);
  if (said == BM_TPM_DONE && either) said = policy_or(agent, *session, sha384);
  if (said == BM_TPM_REFUSED && flush(agent, *session) == BM_TPM_SILENT) return BM_TPM_SILENT;
  return said;
}

enum bm_tpm_said bm_tpm_activate(struct bm_agent *agent, const struct bm_tpm_key *endorsement,
                                 const struct bm_tpm_key *activation, const struct bm_value sealed[BM_KEYS],
                                 uint8_t secret[32]) {
  uint32_t sessions[2] = {HANDLE_PASSWORD, 0};
  struct bm_tpm_response response;
  struct bm_tpm_response inside;
  uint32_t parameters = 0;
  enum bm_tpm_said said = policy_session(agent, endorsement, &sessions[1]);
  if (said != BM_TPM_DONE) return said;
  struct bm_tpm_command command = bm_tpm_begin(agent, SESSIONS, ACTIVATE_CREDENTIAL);
  bm_tpm_put32(&command, activation->handle);
  bm_tpm_put32(&command, endorsement->handle);
  bm_tpm_put_sessions(&command, sessions, 2);
  bm_tpm_put(&command, sealed[2].bytes, sealed[2].length);
  bm_tpm_put(&command, sealed[3].bytes, sealed[3].length);
  said = bm_tpm_ask(agent, &command, &response);
  /* A session ends with the command that it authorised, unless that failed. */
  if (said == BM_TPM_REFUSED && flush(agent, sessions[1]) == BM_TPM_SILENT) return BM_TPM_SILENT;
  if (said != BM_TPM_DONE) return said;
  if (!bm_tpm_take32(&response, &parameters) || !bm_tpm_take_sized(&response, &inside)) return BM_TPM_SILENT;
  if (inside.left != 32) return BM_TPM_REFUSED;
  bm_copy(secret, inside.at, 32);
  return BM_TPM_DONE;
}

#endif
