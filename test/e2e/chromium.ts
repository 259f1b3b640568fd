import { type Browser, chromium } from 'playwright-core';

/** Debian's own Chromium, quiet: no downloads, no calls home. Its sandbox does not work for root, who runs tests in CI. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
