import * as z from 'zod/mini';
import type { Json } from './canonical.ts';
import { fill, fillTexts, type TemplateValues } from './template.ts';
import { desiredProperties, freeInformation, twinTags } from './twin.ts';

// The part of a DPS enrollment that is the same for every unit of a recipe (IndividualEnrollment, DPS REST 2021-10-01; F-130,
// F-144 to F-148). `iotHubHostName` is the way of before 2018 and has no place here.

const text = (max: number) => z.string().check(z.minLength(1), z.maxLength(max));

const hostName = z
  .string()
  .check(
    z.maxLength(253),
    z.regex(
      /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+$/,
      'a host name',
    ),
  );

/** A port, a path and a query may follow the host. Whatever stands in it is shown with the entry to whoever may read entries. */
const plainHttps = /^https:\/\/[A-Za-z0-9.-]{1,253}(:\d{1,5})?([/?][!-~]*)?$/;

/** Asks a function of the service's owner which hub a device goes to (dps-reference 2.14). */
const customAllocation = z.strictObject({
  webhookUrl: z.string().check(z.maxLength(2_048), z.regex(plainHttps, 'an https URL without a user or password')),
  /** Of the request that the function gets; 2019-03-31 in the documents. */
  apiVersion: z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}(-preview)?$/, 'a version such as 2019-03-31')),
});

const shape = z.strictObject({
  /** A template like the registration ID's; left out, the device ID is the registration ID (F-06). */
  deviceId: z.exactOptional(text(256)),
  provisioningStatus: z.exactOptional(z.enum(['enabled', 'disabled'])),
  allocationPolicy: z.exactOptional(z.enum(['hashed', 'geoLatency', 'static', 'custom'])),
  /** Hubs that are linked to the instance; all of them, when left out. */
  iotHubs: z.exactOptional(z.array(hostName).check(z.minLength(1), z.maxLength(50))),
  customAllocationDefinition: z.exactOptional(customAllocation),
  capabilities: z.exactOptional(z.strictObject({ iotEdge: z.boolean() })),
  /** Text in it may be a template like the device ID. */
  initialTwin: z.exactOptional(
    z.strictObject({
      tags: z.exactOptional(twinTags),
      properties: z.exactOptional(z.strictObject({ desired: desiredProperties })),
    }),
  ),
  reprovisionPolicy: z.exactOptional(
    z.strictObject({ updateHubAssignment: z.boolean(), migrateDeviceData: z.boolean() }),
  ),
  /** Kept with the entry and shown again; the device never gets it. Text in it may be a template. */
  optionalDeviceInformation: z.exactOptional(freeInformation),
});
type Policies = Pick<z.output<typeof shape>, 'allocationPolicy' | 'iotHubs' | 'customAllocationDefinition'>;

/** What belongs together (dps-reference 2.12), and the words for what does not. */
const agreements = [
  [
    'exactly one hub in iotHubs, which the allocation policy static needs',
    ({ allocationPolicy, iotHubs }: Policies) => allocationPolicy !== 'static' || iotHubs?.length === 1,
  ],
  [
    'customAllocationDefinition with the allocation policy custom, and with no other',
    ({ allocationPolicy, customAllocationDefinition: hook }: Policies) =>
      (allocationPolicy === 'custom') === (hook !== undefined),
  ],
] as const;

const agreed = agreements.map(([expected, holds]) => z.refine<Policies>(holds, { error: expected }));

export const enrollmentSchema = shape.check(...agreed);

/** As an enrollment, for all devices of a group: it has no device ID, and knows no unit that a template could speak of. */
export const groupEnrollmentSchema = z.omit(shape, { deviceId: true, optionalDeviceInformation: true }).check(
  ...agreed,
  z.refine(({ initialTwin }) => !/\{\w+\}/.test(textsOf(initialTwin)), {
    error: 'no {words} in the twin of a group, which knows no unit',
  }),
);

/** What of an enrollment may change for the next registration of its device; at least one of them. */
export const reprovisionSchema = z
  .pick(shape, {
    allocationPolicy: true,
    iotHubs: true,
    customAllocationDefinition: true,
    initialTwin: true,
    reprovisionPolicy: true,
  })
  .check(
    ...agreed,
    z.refine((changes) => Object.keys(changes).length > 0, 'at least one change'),
  );

export type EnrollmentTemplate = z.output<typeof enrollmentSchema>;

type Filled = Pick<EnrollmentTemplate, 'deviceId' | 'initialTwin' | 'optionalDeviceInformation'>;

/** The parts of an enrollment that may be templates, with a unit's values. Throws `input.invalid` for a word without a value. */
export function filledParts(parts: Filled, values: TemplateValues): { readonly [name: string]: unknown } {
  const { deviceId, initialTwin, optionalDeviceInformation } = parts;
  return {
    ...(deviceId === undefined ? {} : { deviceId: fill(deviceId, values) }),
    ...(initialTwin === undefined ? {} : { initialTwin: fillTexts(initialTwin as Json, values) }),
    ...(optionalDeviceInformation === undefined
      ? {}
      : { optionalDeviceInformation: fillTexts(optionalDeviceInformation as Json, values) }),
  };
}

/** All texts of a JSON value, one after the other. */
function textsOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'object' && value !== null ? Object.values(value).map(textsOf).join('\n') : '';
}
