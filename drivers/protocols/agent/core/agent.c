/* The agent on its line: a frame in, one answer out, remembered so that a request that is sent again gets the same one. */
#include "agent.h"

#include "../birthmark_agent.h"
#include "bytes.h"

enum {
  HELLO = 1,
  IDENTITY,
  STATUS,
  BEGIN,
  CHUNK,
  END,
  COMMIT,
  PROVE,
  LOCK,
  MAKE_KEY,
  FETCH,
  TUNNEL,
  AGREE,
  ANSWERS = 64,
  REFUSES = 127,
};

struct bm_agent bm_the_agent;

bool bm_start(void) {
  struct bm_agent *const agent = &bm_the_agent;
  bool is_new = false;
  bm_zero(agent, sizeof *agent);
  return bm_load(&agent->kept, &is_new) && bm_erase_unnamed(&agent->kept);
}

void bm_forget_work(struct bm_agent *agent) {
  bm_zero(&agent->arriving, sizeof agent->arriving);
  bm_zero(&agent->request, sizeof agent->request);
  bm_zero(agent->work, sizeof agent->work);
}

void bm_forget_channel(struct bm_agent *agent) { bm_zero(&agent->channel, sizeof agent->channel); }

enum bm_refusal bm_failed(struct bm_agent *agent) {
  bool is_new = false;
  bm_forget_work(agent);
  bm_forget_channel(agent);
  /* A memory that does not answer at all says so again at the next request that needs it. */
  (void)bm_load(&agent->kept, &is_new);
  return BM_MEMORY_FAILED;
}

enum bm_refusal bm_keep(struct bm_agent *agent) {
  if (!bm_save(&agent->kept)) return bm_failed(agent);
  bm_forget_work(agent);
  bm_forget_channel(agent);
  return BM_OK;
}

enum bm_refusal bm_refuse_and_forget(struct bm_agent *agent, enum bm_refusal refusal) {
  bm_fill((uint8_t *)&agent->kept.staged, 0, sizeof agent->kept.staged);
  const enum bm_refusal kept = bm_keep(agent);
  return kept == BM_OK ? refusal : kept;
}

static void begin_answer(struct bm_writer *out, struct bm_remembered *answer, uint32_t kind, size_t fields) {
  *out = (struct bm_writer){answer->bytes, sizeof answer->bytes, 0, false};
  bm_write_map(out, fields + 2);
  bm_write_uint(out, 0);
  bm_write_uint(out, kind);
  bm_write_uint(out, 1);
  bm_write_bytes(out, answer->request_id, BM_REQUEST_ID);
}

void bm_answer(struct bm_agent *agent, size_t fields) {
  begin_answer(&agent->out, &agent->answers[agent->next_answer], ANSWERS + (uint32_t)agent->asked, fields);
}

static enum bm_refusal decide(struct bm_agent *agent, uint16_t kind, const struct bm_value *asks) {
  switch (kind) {
    case HELLO:
      return bm_hello(agent);
    case IDENTITY:
      return bm_identity(agent);
    case STATUS:
      return bm_status(agent);
    case BEGIN:
      return bm_begin(agent, asks);
    case CHUNK:
      return bm_chunk(agent, asks);
    case END:
      return bm_end(agent, asks);
    case COMMIT:
      return bm_commit(agent, asks);
    case PROVE:
      return bm_prove(agent, asks);
    case LOCK:
      return bm_lock(agent, asks);
#if BM_WITH_CERTIFICATES
    case MAKE_KEY:
      return bm_make_key(agent, asks);
    case FETCH:
      return bm_fetch(agent, asks);
#endif
#if BM_WITH_TPM
    case TUNNEL:
      return bm_tpm(agent, asks);
#endif
#if BM_WITH_CHANNEL
    case AGREE:
      return bm_agree(agent, asks);
#endif
  }
  return BM_UNKNOWN_KIND;
}

static enum bm_refusal act(struct bm_agent *agent, uint16_t kind, const uint8_t *payload, size_t length) {
  struct bm_value asks[BM_KEYS];
  size_t count = 0;
  const struct bm_field *const fields = bm_asks(kind, &count);
  if (fields == NULL) return BM_UNKNOWN_KIND;
  if (bm_read_map(payload, length, fields, count, 2, asks) != BM_READ) return BM_MALFORMED;
  const enum bm_refusal refusal = decide(agent, kind, asks);
  /* Every answer fits by the sizes of limits.h; one that does not would be a mistake of the port's numbers. */
  return refusal == BM_OK && agent->out.full ? BM_TOO_LONG : refusal;
}

static const struct bm_remembered *remembered(const struct bm_agent *agent, const uint8_t *request_id) {
  for (size_t at = 0; at < BM_REMEMBERED; at += 1) {
    const struct bm_remembered *const answer = &agent->answers[at];
    if (answer->length > 0 && bm_equal(answer->request_id, request_id, BM_REQUEST_ID)) return answer;
  }
  return NULL;
}

static const struct bm_remembered *answer(struct bm_agent *agent, const uint8_t *payload, size_t length,
                                          const struct bm_value envelope[BM_KEYS]) {
  struct bm_remembered *const next = &agent->answers[agent->next_answer];
  const uint16_t kind = envelope[0].number;
  next->length = 0;
  bm_copy(next->request_id, envelope[1].bytes, BM_REQUEST_ID);
  agent->asked = kind;
  const enum bm_refusal refusal = act(agent, kind, payload, length);
  if (refusal != BM_OK) {
    begin_answer(&agent->out, next, REFUSES, 1);
    bm_write_uint(&agent->out, 2);
    bm_write_text(&agent->out, bm_code(refusal));
  }
  next->length = (uint16_t)agent->out.length;
  agent->next_answer = (agent->next_answer + 1) % BM_REMEMBERED;
  return next;
}

static void hear(struct bm_agent *agent, const uint8_t *payload, size_t length) {
  static const struct bm_field fields[] = {{0, BM_UINT, false, 0, 65535},
                                           {1, BM_BYTES, false, BM_REQUEST_ID, BM_REQUEST_ID}};
  struct bm_value envelope[BM_KEYS];
  /* What is no message has no request id, so there is nobody to answer. */
  if (bm_read_map(payload, length, fields, 2, 2, envelope) == BM_NO_MAP) return;
  if (!envelope[0].there || !envelope[1].there) return;
  const struct bm_remembered *said = remembered(agent, envelope[1].bytes);
  if (said == NULL) said = answer(agent, payload, length, envelope);
  bm_frame_send(said->bytes, said->length);
}

void bm_receive(const uint8_t *bytes, size_t length) {
  struct bm_agent *const agent = &bm_the_agent;
  for (size_t at = 0; at < length; at += 1) {
    size_t payload_length = 0;
    if (!bm_frame_take(&agent->frame, bytes[at], &payload_length)) continue;
    hear(agent, agent->frame.bytes, payload_length);
    bm_frame_forget(&agent->frame);
  }
}
