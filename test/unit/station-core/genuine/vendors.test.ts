import { describe, expect, test } from 'vitest';
import { softwareTpm } from '../../../../station-core/genuine/vendors.ts';

const said = (manufacturer: string, vendor = '') => ({ manufacturer, vendor });
const real = said('IFX', 'SLB9670');

describe('a software TPM is known', () => {
  test.each([
    ['IBM', /libtpms, swtpm/],
    ['IBM ', /libtpms, swtpm/],
    ['ibm\0', /libtpms, swtpm/],
    ['MSFT', /Microsoft/],
    ['XYZ ', /reference/],
    ['VMW', /VMware/],
    ['VMW\0', /VMware/],
    ['GOOG', /Google/],
    ['AMZN', /Amazon/],
    ['QEMU', /QEMU/],
    ['BMPT', /practice TPM/],
  ])('by the manufacturer %j that it says or that its certificate says', (manufacturer, reason) => {
    expect(softwareTpm(said(manufacturer))).toMatch(reason);
    expect(softwareTpm(real, { manufacturer })).toMatch(reason);
  });

  test('by the number that swtpm’s certificates have instead of a manufacturer', () => {
    expect(softwareTpm(real, { manufacturer: '00001014' })).toMatch(/swtpm/);
  });

  test.each([
    ['SW   TPM', /swtpm/],
    ['SW TPM', /swtpm/],
    ['swtpm', /swtpm/],
    ['TPM Simulator', /simulator/],
    ['VMware TPM2', /VMware/],
    ['NitroTPM', /Amazon/],
    ['practice TPM', /practice/],
  ])('by the words %j of its vendor string or of its certificate’s model', (word, reason) => {
    expect(softwareTpm(said('ABCD', word))).toMatch(reason);
    expect(softwareTpm(real, { manufacturer: 'IFX', model: word })).toMatch(reason);
    expect(softwareTpm(real, { version: word })).toMatch(reason);
  });

  test.each([
    'CN=swtpm-localca',
    'CN=swtpm-localca-rootca',
    'CN=Birthmark practice TPM root',
    'CN=Azure Virtual TPM Root Certificate Authority 2023',
    'CN=Azure Cloud Virtual TPM CA 2025',
    'CN=Global Virtual TPM CA - 03',
    'CN=Aliyun TPM Root CA,OU=Aliyun TPM Root CA,O=Aliyun,C=CN',
    'CN=tpm_ek_v1_cloud_host_root-signer-0-2018-04-06,OU=Cloud,O=Google LLC',
  ])('by who stands in its path: %s', (subject) => {
    expect(softwareTpm(real, { manufacturer: 'IFX' }, ['CN=Issuer', subject])).toBeDefined();
  });
});

test.each([
  ['IFX', 'SLB9670', 'SLB 9670 TPM2.0', 'CN=Infineon OPTIGA(TM) RSA Manufacturing CA 035,OU=OPTIGA(TM) TPM2.0'],
  ['STM ', '', 'ST33HTPHAHB4', 'CN=STM TPM EK Intermediate CA 05,O=STMicroelectronics NV,C=CH'],
  ['NTC', 'rls NPCT', 'NPCT75x', 'C=TW,O=Nuvoton Technology Corporation,CN=Nuvoton TPM Root CA 2111'],
  ['INTC', 'Intel', 'SPT', 'CN=www.intel.com,OU=TPM EK root cert signing,O=Intel Corporation'],
  ['AMD', 'AMD', 'AMDTPM', 'CN=AMDTPM,OU=Engineering,O=Advanced Micro Devices'],
  ['ATML', '', 'AT97SC3204', 'CN=Atmel TPM Root Signing Module'],
])('a TPM of %s is none', (manufacturer, vendor, model, subject) => {
  expect(
    softwareTpm(said(manufacturer, vendor), { manufacturer: manufacturer.trim(), model }, [subject]),
  ).toBeUndefined();
  expect(softwareTpm(said(manufacturer, vendor))).toBeUndefined();
});
