// An authority as Microsoft Entra ID is one for client credentials: a TLS server that checks what it is sent by node:crypto
// alone, and hands out tokens that say when they end.
import { constants, createHash, createPublicKey, randomBytes, verify, X509Certificate } from 'node:crypto';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';

export type TokenServerOptions = {
  readonly tls: { readonly key: string; readonly cert: string };
  readonly tenant: string;
  readonly clientId: string;
  readonly secret?: string;
  /** PEM of the certificate that the application's owner has uploaded. */
  readonly certificate?: string;
};

type Answer = { readonly status: number; readonly body: string; readonly headers?: Record<string, string> };

export class TokenServer {
  readonly #options: TokenServerOptions;
  readonly #server: Server;
  /** The tokens that were given out, and what was wrong with requests that got none. */
  readonly tokens: string[] = [];
  readonly refusals: string[] = [];
  lifeSeconds = 3_600;
  /** Answers the next requests with these instead, in order. */
  readonly instead: Answer[] = [];
  delayMs = 0;

  constructor(options: TokenServerOptions) {
    this.#options = options;
    this.#server = createServer(options.tls, (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const asked = new URLSearchParams(Buffer.concat(chunks).toString());
        const { status, body, headers } = this.instead.shift() ?? this.#answer(request.url ?? '', asked);
        setTimeout(
          () => response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body),
          this.delayMs,
        );
      });
    });
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #answer(path: string, asked: URLSearchParams): Answer {
    const { tenant, clientId } = this.#options;
    if (path !== `/${tenant}/oauth2/v2.0/token`) return this.#no('invalid_request', 'AADSTS90002: Tenant not found.');
    if (asked.get('grant_type') !== 'client_credentials') return this.#no('unsupported_grant_type', 'AADSTS70003');
    if (asked.get('scope') !== 'https://azure-devices-provisioning.net/.default') {
      return this.#no('invalid_scope', 'AADSTS70011: The provided value for scope is not valid.');
    }
    if (asked.get('client_id') !== clientId)
      return this.#no('unauthorized_client', 'AADSTS700016: Application not found.');
    const wrong = asked.has('client_assertion') ? this.#wrongAssertion(asked) : this.#wrongSecret(asked);
    if (wrong) return this.#no('invalid_client', wrong);
    const token = randomBytes(24).toString('base64url');
    this.tokens.push(token);
    const body = {
      token_type: 'Bearer',
      expires_in: this.lifeSeconds,
      ext_expires_in: this.lifeSeconds,
      access_token: token,
    };
    return { status: 200, body: JSON.stringify(body) };
  }

  #no(error: string, said: string): Answer {
    this.refusals.push(said);
    return { status: error === 'invalid_client' ? 401 : 400, body: JSON.stringify({ error, error_description: said }) };
  }

  #wrongSecret(asked: URLSearchParams): string | undefined {
    const { secret } = this.#options;
    if (secret !== undefined && asked.get('client_secret') === secret) return undefined;
    return `AADSTS7000215: Invalid client secret provided: ${asked.get('client_secret')}`;
  }

  /** RFC 7523, section 3, and RFC 7515. */
  #wrongAssertion(asked: URLSearchParams): string | undefined {
    const { tenant, clientId, certificate } = this.#options;
    const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
    if (asked.get('client_assertion_type') !== type || certificate === undefined) return 'AADSTS50027: Invalid JWT.';
    const [head = '', claims = '', signature = ''] = (asked.get('client_assertion') ?? '').split('.');
    const [header, payload] = [head, claims].map(
      (part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>,
    );
    const x509 = new X509Certificate(certificate);
    const prints = { 'x5t#S256': 'sha256', x5t: 'sha1' } as const;
    const printed = Object.entries(prints).some(
      ([name, hash]) => header?.[name] === createHash(hash).update(x509.raw).digest('base64url'),
    );
    if (!printed) return 'AADSTS700027: The certificate with the identifier is not registered.';
    const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
    const padding =
      header?.alg === 'PS256' ? pss : header?.alg === 'RS256' ? { padding: constants.RSA_PKCS1_PADDING } : undefined;
    const key = { key: createPublicKey(x509.publicKey.export({ type: 'spki', format: 'pem' })), ...padding };
    const good =
      padding && verify('sha256', Buffer.from(`${head}.${claims}`), key, Buffer.from(signature, 'base64url'));
    if (!good) return 'AADSTS700027: Client assertion failed signature validation.';
    const now = Date.now() / 1_000;
    if (Number(payload?.exp) < now || Number(payload?.nbf) > now + 300)
      return 'AADSTS700024: not within its valid time range.';
    const aud = String(payload?.aud);
    if (!aud.endsWith(`/${tenant}/oauth2/v2.0/token`))
      return 'AADSTS700023: Client assertion audience claim does not match.';
    if (payload?.iss !== clientId || payload.sub !== clientId || typeof payload.jti !== 'string') return 'AADSTS700021';
    return undefined;
  }
}
