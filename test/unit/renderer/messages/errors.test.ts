import { describe, expect, test } from 'vitest';
import { errors as de } from '../../../../renderer/messages/de/errors.ts';
import { errors as es } from '../../../../renderer/messages/es/errors.ts';
import { errors as zh } from '../../../../renderer/messages/zh/errors.ts';
import { type ErrorCode, errors, isErrorCode } from '../../../../station-core/contract/errors.ts';

const codes = Object.keys(errors).filter(isErrorCode);
const braces = (says: string): string[] => [...new Set(says.match(/\{\w+\}/g))].sort();
/** Sentences that say what to do have at least two; what follows a filled-in reason is not ours. */
const sentences = (says: string): number =>
  says.split(/[.。](?:\s|$|(?=[^\s\w]))/).filter((part) => part.trim()).length;
const english = (code: ErrorCode): string => errors[code].says;

/** What a person is asked to do, in English, German, Chinese and Spanish. */
const acts: readonly (readonly [RegExp, RegExp, RegExp, RegExp])[] = [
  [/[Ss]et (the unit|it|both) aside/, /[Aa]ussondern/, /隔离/, /[Aa]p[aá]rt/],
  [/[Ss]can (the unit|it) again/, /[Ee]rneut|noch einmal scannen/, /重新扫描|再次扫描/, /[Vv]uelva a/],
  [/[Cc]all the security officer/, /Sicherheitsbeauftragte/, /呼叫安全员/, /llame al responsable de seguridad/i],
  [/[Cc]all the (line )?lead/, /Linienleitung rufen/, /呼叫线长/, /llame al responsable de línea/i],
  [/[Tt]wo people/, /[Zz]wei Personen/, /两个人/, /[Dd]os personas/],
];

describe.each([
  ['German', de],
  ['Chinese', zh],
  ['Spanish', es],
] as const)('the sentences about errors in %s', (language, told) => {
  test('are there for every code, and for no other', () => {
    expect(Object.keys(told).sort()).toEqual([...codes].sort());
  });

  test('are filled with the same words as the English ones', () => {
    for (const code of codes) expect([code, braces(told[code])]).toEqual([code, braces(english(code))]);
  });

  test('are translated', () => {
    expect(codes.filter((code) => told[code] === english(code))).toEqual([]);
  });

  test('end as a sentence does', () => {
    // What fills the last word of `lane.stopped` is a sentence itself.
    const open = codes.filter((code) => !/[.。]$/.test(told[code]));
    expect(open).toEqual(['lane.stopped']);
  });

  test('say what to do where the English ones do', () => {
    expect(codes.filter((code) => english(code).includes('. ') && sentences(told[code]) < 2)).toEqual([]);
    for (const [asked, ...inTheirs] of acts) {
      const theirs = inTheirs[['German', 'Chinese', 'Spanish'].indexOf(language)] ?? /$^/;
      expect(codes.filter((code) => asked.test(english(code)) && !theirs.test(told[code]))).toEqual([]);
    }
  });

  test('have no apostrophe that ICU would take for a quote', () => {
    expect(codes.filter((code) => told[code].includes("'"))).toEqual([]);
  });

  test('keep the command lines and the names of files', () => {
    const kept = /birthmark [a-z]+|--[a-z-]+|station\.json|tpm2-tools|F-\d+|TPM 2\.0/g;
    for (const code of codes) {
      for (const name of english(code).match(kept) ?? []) expect(told[code]).toContain(name);
    }
  });
});
