import type { TpmFacts } from '../../drivers/tpm/ek-certificate.ts';

// TPMs that are programs (F-101; dps-reference 13.3, 27). Their keys lie in files: whoever copies the file has the unit's identity.
// Only refusals rest on these words: a program that lies about them still has no certificate of a pinned maker.

/** Manufacturers whose TPMs are software, as TPM_PT_MANUFACTURER and the TCG's vendor registry spell them. */
const manufacturers: ReadonlyMap<string, string> = new Map([
  ['IBM', 'the software TPM of IBM (libtpms, swtpm)'],
  // In certificates that swtpm_localca makes: the number that IBM has among makers of PCI devices.
  ['00001014', 'the software TPM swtpm'],
  // The reference implementation as a simulator, Hyper-V's and Azure's virtual TPMs.
  ['MSFT', 'the TPM simulator or virtual TPM of Microsoft'],
  ['XYZ', 'the reference implementation of the TCG'],
  ['VMW', 'the virtual TPM of VMware'],
  ['GOOG', 'the virtual TPM of Google'],
  ['AMZN', 'the virtual TPM of Amazon'],
  ['QEMU', 'a virtual TPM of QEMU'],
  ['BMPT', 'the practice TPM'],
]);

/** Words of models and vendor strings that only software TPMs have. */
const words: readonly (readonly [RegExp, string])[] = [
  // swtpm says "SW   TPM"; the blanks between are the padding of TPM_PT_VENDOR_STRING's words.
  [/swtpm|SW +TPM|libtpms/i, 'the software TPM swtpm'],
  [/simulator|MS SIM/i, 'a TPM simulator'],
  [/VMware/i, 'the virtual TPM of VMware'],
  [/NitroTPM/i, 'the virtual TPM of Amazon'],
  [/QEMU/i, 'a virtual TPM of QEMU'],
  [/practice TPM/i, 'the practice TPM'],
];

/** CAs that certify software TPMs. */
const authorities: readonly (readonly [RegExp, string])[] = [
  [/swtpm-localca/i, 'a certificate of swtpm’s own CA'],
  [/Birthmark practice TPM root/i, 'a certificate of the practice TPM root'],
  [/Azure (Cloud )?Virtual TPM|Global Virtual TPM/i, 'a certificate for virtual TPMs of Azure'],
  [/CN=tpm_ek_v1_cloud_host/i, 'a certificate for virtual TPMs of Google'],
  [/Aliyun TPM/i, 'a certificate for virtual TPMs of Alibaba'],
];

/** What a TPM says of itself: TPM_PT_MANUFACTURER and TPM_PT_VENDOR_STRING_1 to 4. */
export type Described = { readonly manufacturer: string; readonly vendor: string };

/** Manufacturers are padded to four characters, with blanks or zeros. */
export const unpadded = (manufacturer: string): string => manufacturer.replace(/[\0\s]+$/, '').toUpperCase();

/** Which software TPM this is, by what it says, by what its certificate says, and by who signed that; nothing for a real one. */
export function softwareTpm(said: Described, certified?: TpmFacts, path: readonly string[] = []): string | undefined {
  const names = [said.manufacturer, certified?.manufacturer ?? ''];
  const known = names.map((name) => manufacturers.get(unpadded(name))).find(Boolean);
  if (known) return known;
  const texts = [said.vendor, certified?.model ?? '', certified?.version ?? ''];
  const named = words.find(([word]) => texts.some((text) => word.test(text)));
  if (named) return named[1];
  return authorities.find(([word]) => path.some((subject) => word.test(subject)))?.[1];
}
