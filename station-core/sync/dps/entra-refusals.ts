import { StationError } from '../../contract/errors.ts';

/** What Microsoft Entra ID says no with; `said` may quote what was sent, so that only its number is told on. */
export type EntraRefused = {
  readonly host: string;
  readonly application: string;
  readonly status: number;
  readonly error: string;
  readonly said: string | undefined;
  /** How far the authority's clock is ahead, where that is too far. */
  readonly skewMs?: number;
};

/** What is known to be behind a number (Microsoft Entra ID, AADSTS error codes). */
const known: Readonly<Record<string, string>> = {
  AADSTS70011: 'it knows nothing of DPS under this authority; check dps.auth.authority',
  AADSTS90002: 'there is no such tenant; check dps.auth.tenant',
  AADSTS500011: 'the tenant knows nothing of DPS: nobody there has used it yet',
  AADSTS700016: 'the tenant has no such application; check dps.auth.clientId',
  AADSTS700024: "the assertion's time is not the authority's: set the station's clock right",
  AADSTS700027: "the certificate is not one of the application's: its owner uploads it",
  AADSTS900023: 'the tenant is no tenant; check dps.auth.tenant',
  AADSTS7000112: 'the application is disabled',
  AADSTS7000215: 'the client secret is wrong (its value is needed, not its ID)',
  AADSTS7000222: 'the client secret has expired: its owner makes a new one',
};

/** `cloud.refused` for an application that gets no token. */
export function entraRefusal({ host, application, status, error, said, skewMs }: EntraRefused): StationError {
  const number = /AADSTS\d{4,8}/.exec(said ?? '')?.[0];
  const name = /^[a-z_]{1,40}$/.test(error) ? error : 'an error';
  const clock =
    skewMs === undefined
      ? undefined
      : `the station's clock is ${Math.round(Math.abs(skewMs) / 60_000)} minutes ${skewMs > 0 ? 'behind' : 'ahead of'} it: set it right`;
  const why = clock ?? known[number ?? ''] ?? 'tenant, application or credential is not the right one';
  const cause = clock === undefined ? 'credential' : 'clock';
  const advice = `${host} gave the application ${application} no token (${name}${number ? `, ${number}` : ''}): ${why}.`;
  return new StationError('cloud.refused', { status, cause, advice });
}
