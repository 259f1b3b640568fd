import { read as fsRead } from 'node:fs';
import { promisify } from 'node:util';

const readSome = promisify(fsRead);
type Read = { readonly buffer: Buffer; readonly bytesRead: number };

/** serialport's binding on Linux and macOS, as far as reading goes. */
type PosixPort = {
  readonly fd: number | null;
  readonly isOpen: boolean;
  readonly poller: { once(event: 'readable', ready: (error: Error | null) => void): unknown };
  read(buffer: Buffer, offset: number, length: number): Promise<Read>;
};

/**
 * Makes a port notice that its cable was pulled. serialport's own read starts again when it gets no bytes, and on a
 * terminal that was hung up that is always: it then spins until memory is gone and never emits `close`
 * (serialport/bindings-cpp#162, open in 13.0). With VMIN=1, which is how serialport opens a port, no bytes mean that the
 * other end is gone. Windows reads in another way and needs nothing.
 */
export function noticeHangUp(port: object | undefined): void {
  if (!isPosix(port)) return;
  port.read = async (buffer, offset, length) => {
    for (;;) {
      if (!port.isOpen || port.fd === null) throw canceled();
      try {
        const { bytesRead } = await readSome(port.fd, buffer, offset, length, null);
        if (bytesRead > 0) return { buffer, bytesRead };
        throw new Error('the port was hung up');
      } catch (error) {
        if (!isLater(error)) throw error;
      }
      await readable(port);
    }
  };
}

const isPosix = (port: object | undefined): port is PosixPort =>
  port !== undefined && 'poller' in port && 'fd' in port && 'read' in port;

const isLater = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && ['EAGAIN', 'EWOULDBLOCK', 'EINTR'].includes(String(error.code));

/** serialport's stream takes an error with this mark for the end of a read at a close, any other for a lost port. */
const canceled = (): Error => Object.assign(new Error('Port is not open'), { canceled: true });

const readable = (port: PosixPort): Promise<void> =>
  new Promise((resolve, reject) => {
    if (port.isOpen) port.poller.once('readable', (error) => (error ? reject(error) : resolve()));
    else reject(canceled());
  });
