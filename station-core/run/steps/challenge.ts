import { randomBytes, timingSafeEqual } from 'node:crypto';
import { makeCredential } from '../../../drivers/tpm/credential.ts';
import { type EkCertificate, readChain, readEkCertificate } from '../../../drivers/tpm/ek-certificate.ts';
import { brokenKeyRule, nameOf, readPublicArea } from '../../../drivers/tpm/public.ts';
import { type ErrorData, StationError } from '../../contract/errors.ts';
import { type CertificateFinding, type Findings, judge } from '../../genuine/accept.ts';
import { checkEkCertificate } from '../../genuine/chain.ts';
import type { Bench, Step } from '../bench.ts';
import { planOf } from './endorse.ts';

/**
 * Finds out how genuine the unit's TPM is: its endorsement key's certificate up to a pinned root of its maker, and a challenge that
 * only the TPM that holds the key can open (promise G). Whether that is enough is `judge`'s to say.
 */
export const challenge: Step = {
  kind: 'reversible',
  async act(bench) {
    const { genuine } = planOf(bench);
    const { tpm } = bench.endorsement;
    const findings: Findings = {
      certificate: certificateOf(bench),
      possession: genuine === 'none' ? 'not-asked' : await possession(bench),
      tpm,
      simulated: bench.facts.simulated === true,
    };
    const verdict = judge(findings, genuine, bench.shop.practice ? 'practice' : 'production');
    if (!verdict.accepted) throw new StationError(verdict.error.code, verdict.error.details);
    return {
      ekCertificate: findings.certificate.state,
      possession: findings.possession === 'proven',
      ...(verdict.warnings.length > 0 ? { tpmWarnings: verdict.warnings.join(' ') } : {}),
    };
  },
};

/** The certificate out of the TPM's NV, or out of the TPM maker's list, judged. */
function certificateOf(bench: Bench): CertificateFinding {
  const { endorsement, shop } = bench;
  const { key, area, sha256 } = endorsement;
  const listed = shop.records.endorsements.bySha256(sha256)?.certificate;
  const bytes = key.certificate?.bytes ?? listed;
  if (!bytes) return { state: 'missing' };
  try {
    const certificate: EkCertificate = readEkCertificate(bytes, 'the certificate');
    bench.endorsement = { ...endorsement, certificate: certificate.certificate.certificate };
    const checked = checkEkCertificate({
      certificate,
      ekPublicKey: area.key,
      // The folder's first: it is the station's, and the search ends after so many steps.
      pool: [...shop.vendorRoots, ...readChain(key.chain)],
      pins: new Set(planOf(bench).roots),
      at: shop.clock.now(),
    });
    return { state: 'good', ...checked };
  } catch (thrown) {
    return { state: 'refused', error: refusalOf(thrown) };
  }
}

/** The TPM opens a challenge for its endorsement key and another key of its own, whose Name is computed here. */
async function possession(bench: Bench): Promise<Findings['possession']> {
  const { signal, endorsement } = bench;
  const tpm = await bench.tpm();
  const secret = randomBytes(32);
  try {
    const key = await tpm.activationKey(signal);
    const area = readPublicArea(key.public, 'the activation key');
    const rule = brokenKeyRule(area);
    if (rule) throw new StationError('tpm.key-refused', { what: 'activation key', rule });
    const name = nameOf(area);
    if (!name.equals(key.name)) throw new StationError('tpm.name-differs', { what: 'activation key' });
    const answer = await tpm.activate(makeCredential(endorsement.area, name, secret), signal);
    const same = answer.length === secret.length && timingSafeEqual(answer, secret);
    answer.fill(0);
    if (!same) throw new StationError('tpm.not-activated');
    bench.endorsement = { ...bench.endorsement, activationKey: key.public };
    return 'proven';
  } catch (thrown) {
    return { refused: refusalOf(thrown) };
  } finally {
    secret.fill(0);
  }
}

/** What blames the unit is a finding; everything else (a lost link, a stop, a bug) ends the run as it is. */
function refusalOf(thrown: unknown): ErrorData {
  if (thrown instanceof StationError && (thrown.blame === 'unit' || thrown.code === 'ek.root-unknown'))
    return thrown.toData();
  throw thrown;
}
