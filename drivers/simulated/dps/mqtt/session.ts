import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { generate, type IConnectPacket, type IPublishPacket, type ISubscribePacket, type Packet } from 'mqtt-packet';
import { answerDevice } from '../device-api.ts';
import { keyOf } from '../entries.ts';
import { DpsError } from '../errors.ts';
import { carryOut } from '../exchange.ts';
import { identify } from '../identify.ts';
import type { Instance } from '../instance.ts';
import { requireAddress } from '../ip-filter.ts';
import type { Call } from '../route.ts';
import type { Peer } from '../tls.ts';
import { Framing, FramingError } from './framing.ts';
import { RESPONSES, readTopic, readUserName, responseTopic, type TopicRequest, type UserName } from './topics.ts';

/** What CONNECT is answered (MQTT 3.1.1, 3.2.2.3). */
const Connack = { accepted: 0, protocol: 1, identifier: 2, credentials: 4, notAuthorized: 5 } as const;

const CONNECT_WITHIN_MS = 30_000;
const FINISH_WITHIN_MS = 5000;
/** Where a client announces no keep-alive, or a longer one: the longest that the service's family of endpoints takes. */
const LONGEST_SILENCE_MS = 30 * 60_000;

type Device = UserName & { readonly password: string | undefined };

/** One MQTT connection of a device: the device API by topics. It knows its own device alone; nothing is ever passed on. */
export class Session {
  readonly #instance: Instance;
  readonly #stream: Duplex;
  readonly #peer: Peer;
  readonly #takeOver: (device: string, session: Session) => void;
  readonly #closed = new AbortController();
  readonly #framing = new Framing();
  #silence: NodeJS.Timeout;
  #silenceMs = CONNECT_WITHIN_MS;
  #device: Device | undefined;
  /** The quality of service of its subscription; undefined without one. */
  #granted: 0 | 1 | undefined;
  #lastId = 0;

  constructor(instance: Instance, stream: Duplex, peer: Peer, takeOver: (device: string, session: Session) => void) {
    this.#instance = instance;
    this.#stream = stream;
    this.#peer = peer;
    this.#takeOver = takeOver;
    this.#silence = setTimeout(() => this.close(), this.#silenceMs);
    stream.once('close', () => {
      clearTimeout(this.#silence);
      this.#closed.abort();
    });
    // What goes wrong with the connection ends the loop that reads it, which is where it is seen.
    stream.on('error', () => this.#closed.abort());
  }

  /** Reads and answers, one packet after the other, until either side closes. */
  async run(): Promise<void> {
    try {
      for await (const chunk of this.#stream.iterator({ destroyOnReturn: false })) {
        for (const packet of this.#framing.packetsOf(chunk as Buffer)) {
          // While a packet is carried out, and waits as a switch says, no other one is read.
          this.#listenFor(this.#silenceMs + this.#instance.switches.latencyMs);
          if (!(await this.#take(packet))) return;
        }
      }
    } catch (error) {
      const expected = error instanceof FramingError || this.#closed.signal.aborted || this.#stream.destroyed;
      if (!expected) throw error;
    } finally {
      this.#finish();
    }
  }

  /** Ends it now. */
  close(): void {
    this.#stream.destroy();
  }

  /** Ends it when what was written last is on its way, or the other side does not take it in time. */
  #finish(): void {
    if (this.#stream.destroyed) return;
    this.#listenFor(FINISH_WITHIN_MS);
    this.#stream.end(() => this.close());
  }

  #listenFor(ms: number): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.close(), ms);
  }

  /** Whether the connection stays. A packet that has no place here closes it (MQTT 3.1.1, 4.8). */
  async #take(packet: Packet): Promise<boolean> {
    const device = this.#device;
    if (packet.cmd === 'connect') return device === undefined && this.#connect(packet);
    if (!device) return false;
    switch (packet.cmd) {
      case 'publish':
        return this.#publish(packet, device);
      case 'subscribe':
        return this.#subscribe(packet);
      case 'unsubscribe':
        if (packet.unsubscriptions.includes(RESPONSES)) this.#granted = undefined;
        return this.#write({ cmd: 'unsuback', messageId: packet.messageId ?? 0, granted: [] });
      case 'pingreq':
        return this.#write({ cmd: 'pingresp' });
      case 'puback':
        return true;
      case 'auth':
      case 'connack':
      case 'disconnect':
      case 'pingresp':
      case 'pubcomp':
      case 'pubrec':
      case 'pubrel':
      case 'suback':
      case 'unsuback':
        return false;
    }
  }

  async #connect(packet: IConnectPacket): Promise<boolean> {
    if (this.#instance.switches.offline) return false;
    const user = readUserName(packet.username);
    const device = user && { ...user, password: packet.password?.toString('utf8') };
    const returnCode = this.#judge(packet, device);
    if (device && returnCode === Connack.accepted) {
      // Every session is a clean one, whatever the client asks for (DPS docs, MQTT support).
      this.#device = device;
      this.#takeOver(keyOf(`${device.idScope}/${device.registrationId}`), this);
      const announced = (packet.keepalive ?? 0) * 1500;
      this.#silenceMs = announced === 0 ? LONGEST_SILENCE_MS : Math.min(announced, LONGEST_SILENCE_MS);
      this.#listenFor(this.#silenceMs);
    }
    await this.#write({ cmd: 'connack', returnCode, sessionPresent: false });
    return returnCode === Connack.accepted;
  }

  #judge(packet: IConnectPacket, device: Device | undefined): number {
    if (packet.protocolId !== 'MQTT' || packet.protocolVersion !== 4) return Connack.protocol;
    if (!device) return Connack.credentials;
    if (keyOf(packet.clientId) !== keyOf(device.registrationId)) return Connack.identifier;
    try {
      requireAddress(this.#instance, this.#peer.address, 'deviceApi');
      // A bad credential may pass here and be refused when the device registers (seen on the wire).
      if (this.#instance.switches.mqttBadCredential === 'refusedAtConnect') {
        identify(this.#instance, this.#call(device, 'PUT', ['register'], ''), device.registrationId);
      }
    } catch (error) {
      if (error instanceof DpsError) return Connack.notAuthorized;
      throw error;
    }
    return Connack.accepted;
  }

  /** One filter may be subscribed to, and at most once is answered at most once: QoS 2 is granted as 1. */
  #subscribe({ messageId = 0, subscriptions }: ISubscribePacket): Promise<boolean> {
    const granted = subscriptions.map(({ topic, qos }) => {
      if (topic !== RESPONSES) return 128;
      this.#granted = qos === 0 ? 0 : 1;
      return this.#granted;
    });
    return this.#write({ cmd: 'suback', messageId, granted });
  }

  async #publish({ topic, payload, qos, messageId = 0 }: IPublishPacket, device: Device): Promise<boolean> {
    const asked = readTopic(topic);
    if (!asked || qos === 2) return false;
    if (qos === 1) await this.#write({ cmd: 'puback', messageId });
    return this.#act(asked, device, payload.toString('utf8'));
  }

  async #act({ rid, method, tail }: TopicRequest, device: Device, payload: string): Promise<boolean> {
    const instance = this.#instance;
    const call = this.#call(device, method, tail, payload);
    const given = await carryOut(instance, {
      method,
      path: `/${call.segments.join('/')}`,
      transport: 'mqtt',
      act: () => answerDevice(instance, call) ?? refuse(),
      gone: () => this.#stream.destroyed,
    });
    if (given === 'dropped') return false;
    const { status, headers = {}, body = {} } = given;
    if (this.#granted === undefined) return true;
    const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
    const qos = this.#granted;
    const wait = headers['retry-after'] ?? headers['Retry-After'];
    this.#lastId = (this.#lastId % 65_535) + 1;
    const id = qos === 0 ? {} : { messageId: this.#lastId };
    const publication = { topic: responseTopic(rid, status, wait), payload: bytes, qos, dup: false, retain: false };
    return this.#write({ cmd: 'publish', ...publication, ...id });
  }

  /** The call over HTTPS that a message stands for. The password is what a token would be in its header. */
  #call(
    { idScope, registrationId, parameters, password }: Device,
    method: string,
    tail: readonly string[],
    body: string,
  ) {
    const headers = new Map([['content-type', 'application/json']]);
    if (password) headers.set('authorization', password);
    const call: Call = {
      method,
      segments: [idScope, 'registrations', registrationId, ...tail],
      query: parameters,
      header: (name) => headers.get(name),
      // SDKs send one blank where there is nothing to say.
      body: body.trim(),
      certificates: this.#peer.certificates,
      transport: 'mqtt',
      address: this.#peer.address,
    };
    return call;
  }

  /** Waits for a client that reads slowly, until the connection closes. */
  async #write(packet: Packet): Promise<boolean> {
    if (this.#stream.destroyed) return false;
    if (!this.#stream.write(generate(packet))) await once(this.#stream, 'drain', { signal: this.#closed.signal });
    return true;
  }
}

function refuse(): never {
  throw new DpsError('noSuchResource');
}
