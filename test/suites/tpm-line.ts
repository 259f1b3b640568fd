// A station whose units have the TPMs that a test gives them.
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { wrap } from '../../drivers/asn1/build.ts';
import { readCertificate, type TbsFields, writeTbs } from '../../drivers/asn1/certificate.ts';
import { assemble } from '../../drivers/asn1/csr.ts';
import { contextTag } from '../../drivers/asn1/der.ts';
import { basicConstraints, extendedKeyUsage, keyUsage, oids } from '../../drivers/asn1/extensions.ts';
import { encodeName, type Name } from '../../drivers/asn1/names.ts';
import { signatureValue } from '../../drivers/asn1/signatures.ts';
import type { TpmGiven } from '../../drivers/simulated/unit/units-tpm.ts';
import { pinOf } from '../../station-core/ca/given.ts';
import type { UnitInput } from '../../station-core/contract/api.ts';
import type { Recipe } from '../../station-core/contract/recipe.ts';
import type { TpmPlan } from '../../station-core/contract/tpm.ts';
import { unitOf } from '../../station-core/practice.ts';
import { TestStation, type TestStationOptions } from './station.ts';

const dayMs = 86_400_000;
const tpmNames: Name = [
  { type: '2.23.133.2.1', value: 'id:54455354' },
  { type: '2.23.133.2.2', value: 'test TPM' },
  { type: '2.23.133.2.3', value: 'id:00010000' },
];

export type EkWishes = {
  readonly subject?: Name;
  readonly issuer?: Name;
  readonly from?: number;
  readonly to?: number;
  readonly purpose?: string;
};

/** A maker of TPMs whose certificates may be wrong in one way. */
export class TestMaker {
  readonly #key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  readonly #name: Name;
  readonly root: Buffer;
  readonly pin: string;

  constructor(name = 'A maker of TPMs') {
    this.#name = [{ type: 'CN', value: name }];
    this.root = this.#sign(createPublicKey(this.#key), { subject: this.#name, to: 20 * 365 * dayMs }, true);
    this.pin = pinOf(readCertificate(this.root, 'the maker'));
  }

  /** A TPM with a new endorsement key; its certificate is for another key where one is given. */
  make(wishes: EkWishes = {}, certified?: KeyObject): Extract<TpmGiven, { ekKey: string }> {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    const ekKey = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    return { ekKey, certificate: this.certify(certified ?? createPublicKey(privateKey), wishes).toString('base64') };
  }

  certify(key: KeyObject, wishes: EkWishes = {}): Buffer {
    return this.#sign(key, wishes, false);
  }

  #sign(key: KeyObject, wishes: EkWishes, ca: boolean): Buffer {
    const { subject = [], issuer = this.#name, from = -dayMs, to = 365 * dayMs, purpose = '2.23.133.8.1' } = wishes;
    const now = Math.floor(Date.now() / 1_000) * 1_000;
    const names = {
      oid: oids.subjectAltName,
      critical: true,
      value: wrap(0x30, wrap(contextTag(4, true), encodeName(tpmNames))),
    };
    const tbs: TbsFields = {
      serial: Buffer.concat([Buffer.of(0x43), randomBytes(15)]),
      signatureAlgorithm: 'ecdsa-sha256',
      issuerDer: encodeName(issuer),
      notBefore: now + from,
      notAfter: now + to,
      subject,
      spki: key.export({ type: 'spki', format: 'der' }),
      extensions: [
        basicConstraints({ ca }),
        keyUsage(ca ? ['keyCertSign'] : ['keyEncipherment']),
        ...(ca ? [] : [extendedKeyUsage([purpose]), names]),
      ],
    };
    const bytes = writeTbs(tbs);
    const raw = sign('sha256', bytes, { key: this.#key, dsaEncoding: 'ieee-p1363' });
    return assemble(bytes, 'ecdsa-sha256', signatureValue('ecdsa-sha256', raw));
  }
}

export const publicOf = ({ ekKey }: { readonly ekKey: string }): KeyObject => createPublicKey(createPrivateKey(ekKey));

export const tpmRecipe = (
  maker: { readonly pin: string },
  plan: Partial<TpmPlan> = {},
  rest: Partial<Recipe> = {},
): Recipe => ({
  schema: 1,
  name: 'gateway-tpm',
  version: 1,
  protocol: 'uart-v1',
  registrationId: '{ekSdk}',
  attestation: { type: 'tpm', scope: 'individual' },
  delivery: 'clear',
  lock: false,
  target: 'dps',
  tpm: { endorsementKey: 'rsa2048', genuine: 'certificate', roots: [maker.pin], ...plan },
  ...rest,
});

export class TpmLine {
  readonly line: TestStation;
  readonly #tpms: Map<string, TpmGiven>;
  readonly #macs: Map<string, string>;
  #orders = 0;

  private constructor(line: TestStation, tpms: Map<string, TpmGiven>, macs: Map<string, string>) {
    this.line = line;
    this.#tpms = tpms;
    this.#macs = macs;
  }

  /** `roots` are what lies in the station's folder of makers. */
  static async open(roots: readonly Buffer[], options: TestStationOptions = {}): Promise<TpmLine> {
    const [tpms, macs] = [new Map<string, TpmGiven>(), new Map<string, string>()];
    const line = await TestStation.open({
      lanes: 3,
      openLane: (simulated, lane) => async (label, signal) => {
        const tpm = tpms.get(label);
        const mac = macs.get(label);
        await simulated.place(lane, { ...unitOf(label), ...(mac ? { mac } : {}), ...(tpm ? { tpm } : {}) });
        return simulated.link(lane, signal);
      },
      ...options,
      parts: { vendorRoots: roots.map((root) => readCertificate(root, 'a root')), ...options.parts },
    });
    return new TpmLine(line, tpms, macs);
  }

  /** The unit with this serial has that TPM from now on. */
  give(serial: string, tpm: TpmGiven, mac?: string): void {
    this.#tpms.set(serial, tpm);
    if (mac) this.#macs.set(serial, mac);
  }

  async order(recipe: Recipe, serials: readonly string[], facts: Partial<UnitInput> = {}): Promise<string> {
    this.#orders += 1;
    const name = `tpm-order-${this.#orders}`;
    const units = serials.map((serial) => ({ serial, ...facts }));
    await this.line.as('lead', 'orders.create', { name, recipe, units });
    return name;
  }

  /** One unit of its own order, made on a lane. */
  async make(recipe: Recipe, serial: string, tpm: TpmGiven, lane = 1) {
    this.give(serial, tpm);
    await this.order(recipe, [serial]);
    return this.line.scan(lane, serial);
  }
}
