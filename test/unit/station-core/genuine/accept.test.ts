import { describe, expect, test } from 'vitest';
import type { ErrorData } from '../../../../station-core/contract/errors.ts';
import type { Mode } from '../../../../station-core/contract/record.ts';
import { strictnesses } from '../../../../station-core/contract/tpm.ts';
import { type CertificateFinding, type Findings, judge } from '../../../../station-core/genuine/accept.ts';

const modes: readonly Mode[] = ['practice', 'production'];
const expired: ErrorData = { code: 'ek.certificate-expired', details: { rule: 'it was' } };
const closed: ErrorData = { code: 'tpm.not-activated', details: {} };
const real = { manufacturer: 'IFX', vendor: 'SLB9670' };

const goodFrom = (manufacturer: string, model: string, root: string): CertificateFinding => ({
  state: 'good',
  tpm: { manufacturer, model, version: 'id:1' },
  path: ['CN=Issuer', root],
  root: 'ab'.repeat(32),
});
const good = goodFrom('IFX', 'SLB 9670', 'CN=Infineon OPTIGA(TM) RSA Root CA');

/** Certificates, and whether they say by themselves that the TPM is a program. */
const certificates: readonly (readonly [string, CertificateFinding, boolean])[] = [
  ['good', good, false],
  ['of swtpm by its maker', goodFrom('00001014', 'x', 'CN=Root'), true],
  ['of swtpm by its model', goodFrom('IFX', 'swtpm', 'CN=Root'), true],
  ['of swtpm by its root', goodFrom('IFX', 'x', 'CN=swtpm-localca-rootca'), true],
  ['missing', { state: 'missing' }, false],
  ['refused', { state: 'refused', error: expired }, false],
];
const possessions: readonly Findings['possession'][] = ['proven', 'not-asked', { refused: closed }];
const tpms = [
  [real, false],
  [{ manufacturer: 'IBM', vendor: 'SW   TPM' }, true],
  [{ manufacturer: 'ABCD', vendor: 'SW   TPM' }, true],
] as const;

const every = modes.flatMap((mode) =>
  strictnesses.flatMap((strictness) =>
    certificates.flatMap(([named, certificate, programByCertificate]) =>
      possessions.flatMap((possession) =>
        tpms.flatMap(([tpm, programByWord]) =>
          [false, true].map((simulated) => ({
            mode,
            strictness,
            named,
            found: { certificate, possession, tpm, simulated } satisfies Findings,
            program: programByCertificate || programByWord || simulated,
          })),
        ),
      ),
    ),
  ),
);
type Case = (typeof every)[number];

/** Promise G, in words of its own: production takes nothing less than all of it. */
function isPromised({ mode, strictness, found, program }: Case): boolean {
  const vouched = found.certificate.state === 'good';
  const held = found.possession === 'proven';
  if (mode === 'production') return strictness === 'certificate' && vouched && held && !program;
  if (strictness === 'none') return true;
  return held && (vouched || strictness === 'possession');
}

test(`all ${every.length} combinations of mode, strictness, certificate, possession and TPM are judged as promised`, () => {
  expect(every.length).toBe(2 * 3 * 6 * 3 * 3 * 2);
  for (const one of every) {
    const { mode, strictness, found, named } = one;
    const { accepted } = judge(found, strictness, mode);
    expect({ mode, strictness, named, ...found, accepted }).toEqual({
      mode,
      strictness,
      named,
      ...found,
      accepted: isPromised(one),
    });
  }
});

test('production accepts exactly one of them, and says nothing against it', () => {
  const accepted = every.filter(
    ({ mode, strictness, found }) => mode === 'production' && judge(found, strictness, mode).accepted,
  );
  expect(accepted).toHaveLength(1);
  expect(accepted[0]?.found).toEqual({ certificate: good, possession: 'proven', tpm: real, simulated: false });
  expect(
    judge({ certificate: good, possession: 'proven', tpm: real, simulated: false }, 'certificate', 'production'),
  ).toEqual({
    accepted: true,
    warnings: [],
  });
});

test('production accepts nothing that practice would refuse under the same recipe', () => {
  for (const { strictness, found } of every) {
    if (judge(found, strictness, 'production').accepted)
      expect(judge(found, strictness, 'practice').accepted).toBe(true);
  }
});

test('what a stricter recipe accepts a less strict one accepts too, in practice', () => {
  for (const { found } of every) {
    const [certificate, possession, none] = strictnesses.map((one) => judge(found, one, 'practice').accepted);
    expect(none).toBe(true);
    if (certificate) expect(possession).toBe(true);
  }
});

describe('the refusal says', () => {
  const base: Findings = { certificate: good, possession: 'proven', tpm: real, simulated: false };
  const refusal = (found: Findings, strictness: (typeof strictnesses)[number], mode: Mode) => {
    const verdict = judge(found, strictness, mode);
    return verdict.accepted ? undefined : verdict.error;
  };

  test.each(['possession', 'none'] as const)('that production needs more than a recipe for %s', (strictness) => {
    const expected = { code: 'ek.not-genuine-enough', details: { found: strictness, expected: 'certificate' } };
    expect(refusal(base, strictness, 'production')).toEqual(expected);
    expect(refusal({ ...base, simulated: true, certificate: { state: 'missing' } }, strictness, 'production')).toEqual(
      expected,
    );
  });

  test('which program it is, before what it lacks', () => {
    const tpm = { manufacturer: 'IBM', vendor: 'SW   TPM' };
    const found: Findings = { ...base, tpm, certificate: { state: 'missing' }, possession: { refused: closed } };
    expect(refusal(found, 'certificate', 'production')).toEqual({
      code: 'ek.software',
      details: { what: 'the software TPM of IBM (libtpms, swtpm)' },
    });
    expect(refusal({ ...found, simulated: true }, 'certificate', 'production')).toEqual({
      code: 'ek.software',
      details: { what: 'the TPM of a simulated unit' },
    });
  });

  test('what is wrong with the certificate, before the challenge', () => {
    for (const mode of modes) {
      const lost: Findings = { ...base, possession: { refused: closed } };
      expect(refusal({ ...lost, certificate: { state: 'refused', error: expired } }, 'certificate', mode)).toEqual(
        expired,
      );
      expect(refusal({ ...lost, certificate: { state: 'missing' } }, 'certificate', mode)).toEqual({
        code: 'ek.certificate-missing',
        details: {},
      });
      expect(refusal(lost, 'certificate', mode)).toEqual(closed);
      expect(refusal({ ...base, possession: 'not-asked' }, 'certificate', mode)?.code).toBe('tpm.not-activated');
    }
  });
});

describe('a warning says', () => {
  const warnings = (found: Partial<Findings>) => {
    const verdict = judge(
      { certificate: good, possession: 'proven', tpm: real, simulated: false, ...found },
      'none',
      'practice',
    );
    return verdict.accepted ? verdict.warnings : undefined;
  };

  test('nothing of what production would take', () => {
    expect(warnings({})).toEqual([]);
    expect(warnings({ tpm: { manufacturer: 'IFX\0', vendor: '' } })).toEqual([]);
  });

  test.each<[Partial<Findings>, RegExp]>([
    [{ simulated: true }, /the TPM of a simulated unit; production does not take it/],
    [{ tpm: { manufacturer: 'IBM', vendor: '' } }, /swtpm\); production/],
    [{ certificate: { state: 'missing' } }, /^Nobody vouches for the maker of the TPM\.$/],
    [{ certificate: { state: 'refused', error: expired } }, /Nobody vouches.*not valid at this time \(it was\)/],
    [{ possession: 'not-asked' }, /did not show that it holds the key/],
    [{ possession: { refused: closed } }, /did not show that it holds the key/],
    [{ tpm: { manufacturer: 'STM', vendor: '' } }, /names the maker IFX, the TPM itself STM/],
    [{ tpm: { manufacturer: '', vendor: '' } }, /the TPM itself none/],
  ])('%j', (found, words) => {
    expect(warnings(found)).toEqual([expect.stringMatching(words)]);
  });
});
