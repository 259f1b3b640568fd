import { type ErrorData, sentence } from '../contract/errors.ts';
import type { Mode } from '../contract/record.ts';
import type { Strictness } from '../contract/tpm.ts';
import type { GoodEk } from './chain.ts';
import { type Described, softwareTpm, unpadded } from './vendors.ts';

export type CertificateFinding =
  | ({ readonly state: 'good' } & GoodEk)
  | { readonly state: 'missing' }
  | { readonly state: 'refused'; readonly error: ErrorData };

/** Everything that was found out about a unit's TPM. */
export type Findings = {
  readonly certificate: CertificateFinding;
  /** Whether the TPM opened a challenge that only the holder of its endorsement key can open. */
  readonly possession: 'proven' | 'not-asked' | { readonly refused: ErrorData };
  /** What the TPM says of itself. */
  readonly tpm: Described;
  /** The unit says that it is simulated. */
  readonly simulated: boolean;
};

export type Verdict =
  | { readonly accepted: true; readonly warnings: readonly string[] }
  | { readonly accepted: false; readonly error: ErrorData };

/**
 * Whether a TPM is genuine enough for the recipe and the mode: the one place where that is decided. Production takes nothing but
 * strictness `certificate`, a good certificate, proven possession, and no software TPM (promise G). In practice what the recipe asks for
 * must hold, and software TPMs are fine.
 */
export function judge(found: Findings, strictness: Strictness, mode: Mode): Verdict {
  const software = softwareOf(found);
  // What it is says more than what it lacks.
  const error = refusedRecipe(strictness, mode) ?? refusedMaker(software, mode) ?? lacking(found, strictness);
  if (error) return { accepted: false, error };
  return { accepted: true, warnings: warningsOf(found, software) };
}

/** Why a mode takes no recipe of this strictness, whatever TPM its units have; known before any unit is made. */
export function refusedRecipe(strictness: Strictness, mode: Mode): ErrorData | undefined {
  if (mode === 'practice' || strictness === 'certificate') return undefined;
  return { code: 'ek.not-genuine-enough', details: { found: strictness, expected: 'certificate' } };
}

function refusedMaker(software: string | undefined, mode: Mode): ErrorData | undefined {
  return mode === 'practice' || software === undefined
    ? undefined
    : { code: 'ek.software', details: { what: software } };
}

/** What the recipe asks for and does not get. */
function lacking({ certificate, possession }: Findings, strictness: Strictness): ErrorData | undefined {
  if (strictness === 'certificate' && certificate.state === 'refused') return certificate.error;
  if (strictness === 'certificate' && certificate.state === 'missing') {
    return { code: 'ek.certificate-missing', details: {} };
  }
  if (strictness === 'none' || possession === 'proven') return undefined;
  return possession === 'not-asked' ? { code: 'tpm.not-activated', details: {} } : possession.refused;
}

function softwareOf({ certificate, tpm, simulated }: Findings): string | undefined {
  if (simulated) return 'the TPM of a simulated unit';
  const [facts, path] = certificate.state === 'good' ? [certificate.tpm, certificate.path] : [undefined, []];
  return softwareTpm(tpm, facts, path);
}

/** What a less strict recipe or practice lets pass, and what the record should say. */
function warningsOf({ certificate, possession, tpm }: Findings, software: string | undefined): readonly string[] {
  const said: string[] = [];
  if (software !== undefined) said.push(`This is ${software}; production does not take it.`);
  if (certificate.state === 'missing') said.push('Nobody vouches for the maker of the TPM.');
  if (certificate.state === 'refused')
    said.push(`Nobody vouches for the maker of the TPM. ${sentence(certificate.error)}`);
  if (possession !== 'proven') said.push('The TPM did not show that it holds the key.');
  const maker = certificate.state === 'good' ? certificate.tpm.manufacturer : undefined;
  // A certificate's maker is proven, and what the TPM says is not; swtpm's two names for itself are no contradiction.
  if (maker !== undefined && software === undefined && unpadded(maker) !== unpadded(tpm.manufacturer)) {
    said.push(`The certificate names the maker ${maker}, the TPM itself ${tpm.manufacturer || 'none'}.`);
  }
  return said;
}
