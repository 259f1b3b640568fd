import { contextBridge, ipcRenderer } from 'electron';
import type { ClosablePort, Desktop, Word } from '../station-core/contract/desktop.ts';
import { connectWord, tellWord } from './bridge.ts';

// Runs sandboxed before the page, in a world of its own, and gives it two functions and nothing else.

function connect(): ClosablePort {
  const { port1: port, port2: theirs } = new MessageChannel();
  const closers: (() => void)[] = [];
  const closed = () => {
    for (const closer of closers.splice(0)) closer();
  };
  // Electron adds this event: the other end was closed, or its process is gone.
  port.addEventListener('close', closed);
  ipcRenderer.postMessage(connectWord, null, [theirs]);
  return {
    send: (message) => port.postMessage(message),
    onMessage: (listener) => {
      port.addEventListener('message', ({ data }) => listener(data));
      port.start();
    },
    onClose: (listener) => {
      closers.push(listener);
    },
    close: () => {
      port.close();
      closed();
    },
  };
}

const tell = (word: Word): void => ipcRenderer.send(tellWord, word);

contextBridge.exposeInMainWorld('birthmark', { connect, tell } satisfies Desktop);
