import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import type { Language } from '../../core/message.ts';
import { removeTemporaryDir } from './runtime-options.ts';

/** A Chromium with one window, and nothing remembered from before. */
export interface Browser {
  context: BrowserContext;
  page: Page;
  close(): Promise<void>;
}

export interface BrowserOptions {
  /** The language the browser asks pages for. */
  language: Language;
  /** Default 1360 x 900: the editor with palette and sidebar. */
  size?: { width: number; height: number };
}

/** Debian's place; CHROMIUM names another. */
const executable = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** Without these Chromium calls Google's hosts at each start, and refuses to run as root. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** @throws Error when Chromium is not installed, with the command that installs it */
export async function openBrowser({ language, size }: BrowserOptions): Promise<Browser> {
  if (!existsSync(executable))
    throw new Error(
      `There is no Chromium at ${executable}: "apt-get install chromium fonts-noto-cjk", or name it in CHROMIUM.`,
    );
  const profile = await mkdtemp(join(tmpdir(), 'order-hub-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: executable,
    args: flags,
    headless: true,
    locale: language,
    timezoneId: 'Asia/Shanghai',
    viewport: size ?? { width: 1360, height: 900 },
  });
  return {
    context,
    page: context.pages()[0] ?? (await context.newPage()),
    async close() {
      await context.close();
      await removeTemporaryDir(profile);
    },
  };
}
