import { createHmac } from 'node:crypto';

/**
 * A shared access signature for the service API: HMAC-SHA256 under the policy's key over exactly the `sr` that stands in
 * the token, a line feed and the expiry in Unix seconds (DPS security tokens; docs/decisions.md).
 */
export function serviceToken(parts: { host: string; policy: string; key: Buffer; expiry: number }): string {
  const sr = encodeURIComponent(parts.host);
  const se = Math.floor(parts.expiry);
  const sig = createHmac('sha256', parts.key).update(`${sr}\n${se}`, 'utf8').digest('base64');
  return `SharedAccessSignature sr=${sr}&sig=${encodeURIComponent(sig)}&se=${se}&skn=${encodeURIComponent(parts.policy)}`;
}
