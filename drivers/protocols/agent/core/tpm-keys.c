/* What the agent asks of its own TPM, by raw commands. */
#include "tpm-keys.h"

#include "bytes.h"

#if BM_WITH_TPM

enum {
  NO_SESSIONS = 0x8001,
  SESSIONS = 0x8002,
  CREATE_PRIMARY = 0x131,
  ACTIVATE_CREDENTIAL = 0x147,
  POLICY_SECRET = 0x151,
  FLUSH_CONTEXT = 0x165,
  POLICY_OR = 0x171,
  READ_PUBLIC = 0x173,
  START_AUTH_SESSION = 0x176,
  GET_CAPABILITY = 0x17a,
  ALGORITHM_RSA = 1,
  ALGORITHM_AES = 6,
  ALGORITHM_SHA256 = 0x0b,
  ALGORITHM_SHA384 = 0x0c,
  ALGORITHM_NULL = 0x10,
  ALGORITHM_ECC = 0x23,
  ALGORITHM_CFB = 0x43,
  MOST_HANDLES = 64,
  ASKINGS = 10,
};

#define HANDLE_NULL 0x40000007u
#define HANDLE_PASSWORD 0x40000009u
#define HANDLE_ENDORSEMENT 0x4000000bu
#define TRANSIENT 0x80000000u
#define PERSISTENT 0x81000000u

/* PolicyA: PolicySecret of the endorsement hierarchy; PolicyC: PolicyAuthorizeNV; PolicyB: either of them. */
static const uint8_t policy_a_256[32] = {0x83, 0x71, 0x97, 0x67, 0x44, 0x84, 0xb3, 0xf8, 0x1a, 0x90, 0xcc,
                                         0x8d, 0x46, 0xa5, 0xd7, 0x24, 0xfd, 0x52, 0xd7, 0x6e, 0x06, 0x52,
                                         0x0b, 0x64, 0xf2, 0xa1, 0xda, 0x1b, 0x33, 0x14, 0x69, 0xaa};
static const uint8_t policy_a_384[48] = {
    0x8b, 0xbf, 0x22, 0x66, 0x53, 0x7c, 0x17, 0x1c, 0xb5, 0x6e, 0x40, 0x3c, 0x4d, 0xc1, 0xd4, 0xb6,
    0x4f, 0x43, 0x26, 0x11, 0xdc, 0x38, 0x6e, 0x6f, 0x53, 0x20, 0x50, 0xc3, 0x27, 0x8c, 0x93, 0x0e,
    0x14, 0x3e, 0x8b, 0xb1, 0x13, 0x38, 0x24, 0xcc, 0xb4, 0x31, 0x05, 0x38, 0x71, 0xc6, 0xdb, 0x53};
static const uint8_t policy_c_256[32] = {0x37, 0x67, 0xe2, 0xed, 0xd4, 0x3f, 0xf4, 0x5a, 0x3a, 0x7e, 0x1e,
                                         0xae, 0xfc, 0xef, 0x78, 0x64, 0x3d, 0xca, 0x96, 0x46, 0x32, 0xe7,
                                         0xaa, 0xd8, 0x2c, 0x67, 0x3a, 0x30, 0xd8, 0x63, 0x3f, 0xde};
static const uint8_t policy_c_384[48] = {
    0xd6, 0x03, 0x2c, 0xe6, 0x1f, 0x2f, 0xb3, 0xc2, 0x40, 0xeb, 0x3c, 0xf6, 0xa3, 0x32, 0x37, 0xef,
    0x2b, 0x6a, 0x16, 0xf4, 0x29, 0x3c, 0x22, 0xb4, 0x55, 0xe2, 0x61, 0xcf, 0xfd, 0x21, 0x7a, 0xd5,
    0xb4, 0x94, 0x7c, 0x2d, 0x73, 0xe6, 0x30, 0x05, 0xee, 0xd2, 0xdc, 0x2b, 0x35, 0x93, 0xd1, 0x65};
static const uint8_t policy_b_256[32] = {0xca, 0x3d, 0x0a, 0x99, 0xa2, 0xb9, 0x39, 0x06, 0xf7, 0xa3, 0x34,
                                         0x24, 0x14, 0xef, 0xcf, 0xb3, 0xa3, 0x85, 0xd4, 0x4c, 0xd1, 0xfd,
                                         0x45, 0x90, 0x89, 0xd1, 0x9b, 0x50, 0x71, 0xc0, 0xb7, 0xa0};
static const uint8_t policy_b_384[48] = {
    0xb2, 0x6e, 0x7d, 0x28, 0xd1, 0x1a, 0x50, 0xbc, 0x53, 0xd8, 0x82, 0xbc, 0xf5, 0xfd, 0x3a, 0x1a,
    0x07, 0x41, 0x48, 0xbb, 0x35, 0xd3, 0xb4, 0xe4, 0xcb, 0x1c, 0x0a, 0xd9, 0xbd, 0xe4, 0x19, 0xca,
    0xcb, 0x47, 0xba, 0x09, 0x69, 0x96, 0x46, 0x15, 0x0f, 0x9f, 0xc0, 0x00, 0xf3, 0xf8, 0x0e, 0x12};

/* fixedTPM, fixedParent, sensitiveDataOrigin, restricted, decrypt; with adminWithPolicy, userWithAuth, noDA (part 2, 8.3). */
#define LOW 0x000300b2u
#define HIGH 0x000300f2u
#define STORAGE 0x00030472u

const struct bm_tpm_template bm_endorsement_templates[BM_ENDORSEMENTS] = {
    {ALGORITHM_RSA, ALGORITHM_SHA256, LOW, policy_a_256, 32, 128, 0, 256},
    {ALGORITHM_ECC, ALGORITHM_SHA256, LOW, policy_a_256, 32, 128, 3, 32},
    {ALGORITHM_RSA, ALGORITHM_SHA256, HIGH, policy_b_256, 32, 128, 0, 0},
    {ALGORITHM_ECC, ALGORITHM_SHA256, HIGH, policy_b_256, 32, 128, 3, 0},
    {ALGORITHM_ECC, ALGORITHM_SHA384, HIGH, policy_b_384, 48, 256, 4, 0},
};
const struct bm_tpm_template bm_activation_template = {ALGORITHM_ECC, ALGORITHM_SHA256, STORAGE, NULL, 0, 128, 3, 0};

/* A command that is being written. Its longest, TPM2_ActivateCredential, has 810 bytes. */
struct command {
  uint8_t *bytes;
  size_t length;
};

static void put8(struct command *command, uint8_t value) { command->bytes[command->length++] = value; }

static void put16(struct command *command, uint16_t value) {
  bm_put16be(command->bytes + command->length, value);
  command->length += 2;
}

static void put32(struct command *command, uint32_t value) {
  bm_put32be(command->bytes + command->length, value);
  command->length += 4;
}

static void put(struct command *command, const uint8_t *bytes, size_t length) {
  bm_copy(command->bytes + command->length, bytes, length);
  command->length += length;
}

static void put_zeros(struct command *command, size_t length) {
  bm_fill(command->bytes + command->length, 0, length);
  command->length += length;
}

static struct command begin(struct bm_agent *agent, uint16_t tag, uint32_t code) {
  struct command command = {agent->tpm_command, 0};
  put16(&command, tag);
  put32(&command, 0);
  put32(&command, code);
  return command;
}

/* Handles of sessions that authorise, with empty passwords; each ends with its command. */
static void put_sessions(struct command *command, const uint32_t *sessions, size_t count) {
  put32(command, (uint32_t)(9 * count));
  for (size_t at = 0; at < count; at += 1) {
    put32(command, sessions[at]);
    put_zeros(command, 5);
  }
}

/* A response, read from its front. */
struct response {
  const uint8_t *at;
  size_t left;
};

/* TPM_RC_YIELDED, TPM_RC_TESTING and TPM_RC_RETRY (part 2, 6.6.3): the same command once more. */
static bool asks_again(uint32_t code) { return code == 0x908 || code == 0x90a || code == 0x922; }

static enum bm_tpm_said ask(struct bm_agent *agent, struct command *command, struct response *response) {
  const uint8_t *const said = agent->tpm_response;
  bm_put32be(command->bytes + 2, (uint32_t)command->length);
  for (int asking = 1;; asking += 1) {
    size_t length = 0;
    if (!bm_port_tpm(command->bytes, command->length, agent->tpm_response, BM_TPM, &length)) return BM_TPM_SILENT;
    if (length < BM_TPM_HEADER || length > BM_TPM || bm_get32be(said + 2) != length) return BM_TPM_SILENT;
    const uint16_t tag = bm_get16be(said);
    if (tag != NO_SESSIONS && tag != SESSIONS) return BM_TPM_SILENT;
    const uint32_t code = bm_get32be(said + 6);
    *response = (struct response){said + BM_TPM_HEADER, length - BM_TPM_HEADER};
    if (code == 0) return BM_TPM_DONE;
    if (asking == ASKINGS || !asks_again(code)) return BM_TPM_REFUSED;
  }
}

static bool take(struct response *response, size_t length, const uint8_t **bytes) {
  if (response->left < length) return false;
  *bytes = response->at;
  response->at += length;
  response->left -= length;
  return true;
}

static bool take32(struct response *response, uint32_t *value) {
  const uint8_t *bytes = NULL;
  if (!take(response, 4, &bytes)) return false;
  *value = bm_get32be(bytes);
  return true;
}

/* A TPM2B: its size, and its bytes. */
static bool take_sized(struct response *response, struct response *inside) {
  const uint8_t *bytes = NULL;
  if (!take(response, 2, &bytes)) return false;
  inside->left = bm_get16be(bytes);
  return take(response, inside->left, &inside->at);
}

/* What of a public area is needed: type (2), name algorithm (2), attributes (4), policy. */
static bool read_area(struct response area, struct bm_tpm_key *key) {
  struct response policy;
  const uint8_t *head = NULL;
  if (!take(&area, 8, &head) || !take_sized(&area, &policy) || policy.left > sizeof key->policy) return false;
  key->name_algorithm = bm_get16be(head + 2);
  key->policy_length = (uint16_t)policy.left;
  bm_copy(key->policy, policy.at, policy.left);
  return true;
}

static bool is_named(const struct response *said, const struct bm_value *name) {
  return said->left == name->length && bm_equal(said->at, name->bytes, name->length);
}

static enum bm_tpm_said flush(struct bm_agent *agent, uint32_t handle) {
  struct command command = begin(agent, NO_SESSIONS, FLUSH_CONTEXT);
  struct response response;
  put32(&command, handle);
  return ask(agent, &command, &response);
}

bool bm_tpm_leave(struct bm_agent *agent, const struct bm_tpm_key *key) {
  return !key->passing || flush(agent, key->handle) != BM_TPM_SILENT;
}

static enum bm_tpm_said read_public(struct bm_agent *agent, uint32_t handle, const struct bm_value *wanted,
                                    struct bm_tpm_key *key) {
  struct command command = begin(agent, NO_SESSIONS, READ_PUBLIC);
  struct response response;
  struct response area;
  struct response name;
  put32(&command, handle);
  const enum bm_tpm_said said = ask(agent, &command, &response);
  if (said != BM_TPM_DONE) return said;
  if (!take_sized(&response, &area) || !take_sized(&response, &name)) return BM_TPM_SILENT;
  if (!is_named(&name, wanted) || !read_area(area, key)) return BM_TPM_REFUSED;
  key->handle = handle;
  key->passing = false;
  return BM_TPM_DONE;
}

static enum bm_tpm_said handles_from(struct bm_agent *agent, uint32_t from, uint32_t handles[MOST_HANDLES],
                                     uint32_t *count) {
  struct command command = begin(agent, NO_SESSIONS, GET_CAPABILITY);
  struct response response;
  const uint8_t *more = NULL;
  put32(&command, 1); /* TPM_CAP_HANDLES */
  put32(&command, from);
  put32(&command, MOST_HANDLES);
  *count = 0;
  const enum bm_tpm_said said = ask(agent, &command, &response);
  if (said != BM_TPM_DONE) return said;
  if (!take(&response, 5, &more) || !take32(&response, count) || *count > MOST_HANDLES) return BM_TPM_SILENT;
  for (uint32_t at = 0; at < *count; at += 1) {
    if (!take32(&response, &handles[at])) return BM_TPM_SILENT;
  }
  return BM_TPM_DONE;
}

static void put_template(struct command *command, const struct bm_tpm_template *template) {
  const size_t size_at = command->length;
  put16(command, 0);
  put16(command, template->type);
  put16(command, template->name_algorithm);
  put32(command, template->attributes);
  put16(command, template->policy_length);
  if (template->policy != NULL) put(command, template->policy, template->policy_length);
  put16(command, ALGORITHM_AES);
  put16(command, template->aes_bits);
  put16(command, ALGORITHM_CFB);
  put16(command, ALGORITHM_NULL);
  put16(command, template->curve == 0 ? 2048 : template->curve);
  if (template->curve == 0) put32(command, 0);
  else put16(command, ALGORITHM_NULL);
  for (int part = 0; part < (template->curve == 0 ? 1 : 2); part += 1) {
    put16(command, template->unique);
    put_zeros(command, template->unique);
  }
  bm_put16be(command->bytes + size_at, (uint16_t)(command->length - size_at - 2));
}

/* TPM2_CreatePrimary; a key of another Name is flushed again. */
static enum bm_tpm_said create(struct bm_agent *agent, const struct bm_tpm_template *template,
                               const struct bm_value *wanted, struct bm_tpm_key *key) {
  static const uint32_t password = HANDLE_PASSWORD;
  struct command command = begin(agent, SESSIONS, CREATE_PRIMARY);
  struct response response;
  struct response area;
  struct response other;
  const uint8_t *skipped = NULL;
  put32(&command, HANDLE_ENDORSEMENT);
  put_sessions(&command, &password, 1);
  put16(&command, 4); /* no password, no data of its own */
  put_zeros(&command, 4);
  put_template(&command, template);
  put_zeros(&command, 6); /* no outside information, no PCRs */
  const enum bm_tpm_said said = ask(agent, &command, &response);
  if (said != BM_TPM_DONE) return said;
  if (!take32(&response, &key->handle)) return BM_TPM_SILENT;
  key->passing = true;
  /* Size of the parameters, public area, creation data, its hash, its ticket (tag, hierarchy, digest), name. */
  const bool whole = take(&response, 4, &skipped) && take_sized(&response, &area) && take_sized(&response, &other) &&
                     take_sized(&response, &other) && take(&response, 6, &skipped) && take_sized(&response, &other) &&
                     take_sized(&response, &other);
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
  struct command command = begin(agent, NO_SESSIONS, POLICY_OR);
  struct response response;
  const uint16_t length = sha384 ? sizeof policy_a_384 : sizeof policy_a_256;
  put32(&command, session);
  put32(&command, 2);
  put16(&command, length);
  put(&command, sha384 ? policy_a_384 : policy_a_256, length);
  put16(&command, length);
  put(&command, sha384 ? policy_c_384 : policy_c_256, length);
  return ask(agent, &command, &response);
}

static enum bm_tpm_said policy_secret(struct bm_agent *agent, uint32_t session) {
  static const uint32_t password = HANDLE_PASSWORD;
  struct command command = begin(agent, SESSIONS, POLICY_SECRET);
  struct response response;
  put32(&command, HANDLE_ENDORSEMENT);
  put32(&command, session);
  put_sessions(&command, &password, 1);
  put_zeros(&command, 10); /* no nonce, no command, no reference, no end */
  return ask(agent, &command, &response);
}

static enum bm_tpm_said start_session(struct bm_agent *agent, uint16_t hash, uint32_t *session) {
  struct command command = begin(agent, NO_SESSIONS, START_AUTH_SESSION);
  struct response response;
  uint8_t nonce[16];
  if (!bm_port_random(nonce, sizeof nonce)) return BM_TPM_REFUSED;
  put32(&command, HANDLE_NULL);
  put32(&command, HANDLE_NULL);
  put16(&command, sizeof nonce);
  put(&command, nonce, sizeof nonce);
  put16(&command, 0);
  put8(&command, 1); /* TPM_SE_POLICY */
  put16(&command, ALGORITHM_NULL);
  put16(&command, hash);
  const enum bm_tpm_said said = ask(agent, &command, &response);
  if (said != BM_TPM_DONE) return said;
  return take32(&response, session) ? BM_TPM_DONE : BM_TPM_SILENT;
}

static bool has_policy(const struct bm_tpm_key *key, const uint8_t *policy, size_t length) {
  return key->policy_length == length && bm_equal(key->policy, policy, length);
}

/* A session in which the endorsement key's policy is satisfied; that hierarchy has no password. */
static enum bm_tpm_said policy_session(struct bm_agent *agent, const struct bm_tpm_key *key, uint32_t *session) {
  const bool sha384 = key->name_algorithm == ALGORITHM_SHA384;
  const size_t length = sha384 ? sizeof policy_a_384 : sizeof policy_a_256;
  const bool either = has_policy(key, sha384 ? policy_b_384 : policy_b_256, length);
  const bool secret = has_policy(key, sha384 ? policy_a_384 : policy_a_256, length);
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
  struct response response;
  struct response inside;
  uint32_t parameters = 0;
  enum bm_tpm_said said = policy_session(agent, endorsement, &sessions[1]);
  if (said != BM_TPM_DONE) return said;
  struct command command = begin(agent, SESSIONS, ACTIVATE_CREDENTIAL);
  put32(&command, activation->handle);
  put32(&command, endorsement->handle);
  put_sessions(&command, sessions, 2);
  put(&command, sealed[2].bytes, sealed[2].length);
  put(&command, sealed[3].bytes, sealed[3].length);
  said = ask(agent, &command, &response);
  /* A session ends with the command that it authorised, unless that failed. */
  if (said == BM_TPM_REFUSED && flush(agent, sessions[1]) == BM_TPM_SILENT) return BM_TPM_SILENT;
  if (said != BM_TPM_DONE) return said;
  if (!take32(&response, &parameters) || !take_sized(&response, &inside)) return BM_TPM_SILENT;
  if (inside.left != 32) return BM_TPM_REFUSED;
  bm_copy(secret, inside.at, 32);
  return BM_TPM_DONE;
}

#endif
