import type { NameAttribute } from '../../../drivers/asn1/names.ts';
import { isCa } from '../rules.ts';
import type { Lint } from './lint.ts';

const written = ({ type, value }: NameAttribute): string => `${type}=${value}`;
/** F-01: what a registration ID may be; a module's CN has a slash between two of them (F-12). */
const registrationId = /^[A-Za-z0-9._:-]*[A-Za-z0-9-]$/;
const moduleName = /^[A-Za-z0-9._:-]*[A-Za-z0-9-]\/[A-Za-z0-9._:-]*[A-Za-z0-9-]$/;

export const subject: Lint = {
  rule: 'F-02, F-53: the subject that the profile asks for, with one CN of at most 64 characters that is the registration ID',
  check({ subject: found }, { purpose, subject: wanted }) {
    if (found.map(written).join('\n') !== wanted.map(written).join('\n')) return 'another subject than asked for';
    const names = found.filter(({ type }) => type === 'CN').map(({ value }) => value);
    const [name = ''] = names;
    if (names.length !== 1 || name.length === 0) return `${names.length} CNs`;
    if (name.length > 64) return `a CN of ${name.length} characters`;
    if (purpose === 'leaf' && !registrationId.test(name)) return 'a CN that is no registration ID';
    if (purpose === 'module' && !moduleName.test(name)) return 'a CN that is no device ID and module ID';
    // The issuer's name on a leaf would make chains ambiguous.
    return isCa(purpose) || found.length > 0 ? undefined : 'an empty subject';
  },
};
