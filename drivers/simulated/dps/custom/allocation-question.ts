import { setTimeout as sleep } from 'node:timers/promises';
import { allocate, candidatesOf, type Verdict } from '../allocation.ts';
import { shown } from '../enrollments.ts';
import type { Attempt, Entry, Question } from '../entries.ts';
import type { Instance } from '../instance.ts';
import { withHubKey } from '../tpm-challenge.ts';
import { askWebhook, readVerdict } from './webhook.ts';

/**
 * Asks the webhook of a registration's enrollment until it has answered or every retry is used up, and then settles the
 * registration, which says `assigning` meanwhile (DPS docs, Custom allocation). Ends without a result when the emulator
 * closes; the next start asks on.
 */
export async function askAllocation(instance: Instance, question: Question): Promise<void> {
  const verdict = await verdictOf(instance, question);
  if (verdict) settle(instance, question, verdict);
}

/** Asks on where the last run of the emulator ended. */
export function askPending(instance: Instance): void {
  for (const question of instance.store.questions()) {
    instance.background.begin(() => askAllocation(instance, question));
  }
}

/** 429 and above, and no answer at all, are asked again; everything else is an answer. */
async function verdictOf(instance: Instance, question: Question): Promise<Verdict | undefined> {
  const { switches, store, background } = instance;
  const { attempt } = question;
  const url = attempt.entry.settings.customAllocationDefinition?.webhookUrl ?? '';
  const body = JSON.stringify(questionBody(attempt, switches.linkedHubs));
  let { asked } = question;
  for (;;) {
    const reply = await askWebhook(url, body, switches, background.closing);
    if (background.closing.aborted) return undefined;
    const { count, firstMs, stepMs } = switches.webhookRetries;
    const final = reply !== undefined && reply.status < 429;
    if (final || asked >= count) return readVerdict(reply, switches.linkedHubs);
    const pause = firstMs + asked * stepMs;
    asked += 1;
    store.saveQuestion({ ...question, asked });
    // Rejects when the emulator closes, which ends the question for this run.
    await sleep(pause, undefined, { signal: background.closing });
  }
}

function settle(instance: Instance, question: Question, verdict: Verdict): void {
  const { store, switches } = instance;
  const { attempt, operationId } = question;
  const registrationId = attempt.registrationId;
  const allocated = allocate({
    ...attempt,
    previous: store.registration(registrationId),
    hubs: switches,
    verdict,
    time: instance.writeTime(),
  });
  const result = withHubKey(instance, attempt.entry, allocated);
  store.together(() => {
    store.deleteQuestion(question);
    const operation = store.operation(registrationId, operationId);
    // A webhook that was slow answers a registration that the device may have given up and begun anew.
    if (operation && store.isNewest(registrationId, operationId)) store.saveRegistration(result);
    if (operation) store.saveOperation(registrationId, { ...operation, result }, instance.now());
  });
}

/** What a webhook is asked (DPS docs, Custom allocation): the enrollment as GET shows it, and what the device is. */
export function questionBody(attempt: Attempt, linkedHubs: readonly string[]): object {
  const { entry, registrationId, certificates, payload } = attempt;
  const entryShown = { ...shown(entry), etag: bareEtag(entry) };
  const proof = {
    symmetricKey: () => ({ symmetricKey: {} }),
    x509: () => ({ x509: certificates?.certificateInfo ?? {} }),
    tpm: () => ({ tpm: {} }),
  }[entry.attestation.type]();
  return {
    [entry.kind === 'group' ? 'enrollmentGroup' : 'individualEnrollment']: entryShown,
    deviceRuntimeContext: { registrationId, ...proof, ...(payload !== undefined && { payload }) },
    linkedHubs: candidatesOf(entry, linkedHubs),
  };
}

/** Here the tag is the quoted text itself and not its base64, as the documents' sample has it. */
function bareEtag({ etag }: Entry): string {
  return Buffer.from(etag, 'base64').toString('utf8');
}
