/** A Chromium that is already on the machine, without a window: it opens pages, looks at them and takes pictures. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openDevTools, type DevTools } from './devtools.ts';
import { indexedPng } from './indexed-png.ts';

/** Colours of a page. */
export type Theme = 'light' | 'dark';

/** One page that is open. */
export interface Page {
  /** What an expression comes to, once it is settled. */
  readonly evaluate: (expression: string) => Promise<unknown>;
  /** Takes a picture of the whole page. */
  readonly picture: (png: string) => Promise<void>;
  /** Everything that went wrong in it: errors of the console, exceptions, what its policy refused. */
  readonly faults: () => readonly string[];
}

/** How a page is opened. */
export interface View {
  readonly theme: Theme;
  /** CSS pixels. */
  readonly width: number;
}

/** Opens pages. */
export interface Browser {
  readonly open: (html: string, view: View) => Promise<Page>;
}

/** Names under which systems have it. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** Chromium draws nothing higher: pictures are cut there. */
const MAX_PIXELS = 16_000;

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

async function start(folder: string): Promise<ChildProcess> {
  const options = ['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--remote-debugging-port=0'];
  for (const name of NAMES) {
    const child = spawn(name, [...options, `--user-data-dir=${folder}/profile`], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    try {
      await once(child, 'spawn');
      return child;
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
  throw new Error(`none of ${NAMES.join(', ')} is installed`);
}

async function endpointOf({ stderr }: ChildProcess): Promise<string> {
  let said = '';
  for await (const text of stderr ?? []) {
    said += String(text);
    const [, url] = /DevTools listening on (ws:\S+)/.exec(said) ?? [];
    if (url !== undefined) return url;
  }
  throw new Error(`Chromium ended before it listened: ${said}`);
}

interface Said {
  readonly type?: string;
  readonly args?: readonly { readonly value?: unknown; readonly description?: string }[];
  readonly entry?: { readonly level: string; readonly text: string };
  readonly exceptionDetails?: { readonly text: string; readonly exception?: { readonly description?: string } };
}

function faultOf(method: string, { type, args, entry, exceptionDetails }: Said): string | null {
  if (method === 'Runtime.consoleAPICalled' && type === 'error') {
    return (args ?? []).map(({ value, description }) => description ?? JSON.stringify(value)).join(' ');
  }
  if (method === 'Log.entryAdded' && entry?.level === 'error') return entry.text;
  if (method !== 'Runtime.exceptionThrown') return null;
  return exceptionDetails?.exception?.description ?? exceptionDetails?.text ?? 'an exception';
}

const HEIGHT = 'Math.ceil(document.documentElement.getBoundingClientRect().height)';

function pageOf(session: string, { call }: DevTools, width: number, faults: readonly string[]): Page {
  const evaluate = async (expression: string): Promise<unknown> => {
    const answer = await call('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true }, session);
    return (answer['result'] as { readonly value?: unknown }).value;
  };
  return {
    evaluate,
    faults: () => faults,
    picture: async (png) => {
      const height = Math.min(MAX_PIXELS, Number(await evaluate(HEIGHT)));
      const clip = { x: 0, y: 0, width, height, scale: 1 };
      const shot = await call('Page.captureScreenshot', { format: 'png', clip, captureBeyondViewport: true }, session);
      writeFileSync(png, indexedPng(Buffer.from(String(shot['data']), 'base64')));
    },
  };
}

async function openPage(tools: DevTools, url: string, { theme, width }: View): Promise<Page> {
  const { call, listen } = tools;
  const { targetId } = await call('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await call('Target.attachToTarget', { targetId, flatten: true });
  const session = String(sessionId);
  const faults: string[] = [];
  const loaded = Promise.withResolvers<undefined>();
  listen((method, params) => {
    if (method === 'Page.loadEventFired') loaded.resolve(undefined);
    const fault = faultOf(method, params);
    if (fault !== null) faults.push(fault);
  });
  for (const domain of ['Page', 'Runtime', 'Log']) await call(`${domain}.enable`, {}, session);
  const features = [{ name: 'prefers-color-scheme', value: theme }];
  await call('Emulation.setEmulatedMedia', { features }, session);
  const metrics = { width, height: 800, deviceScaleFactor: 1, mobile: false };
  await call('Emulation.setDeviceMetricsOverride', metrics, session);
  await call('Page.navigate', { url }, session);
  await loaded.promise;
  return pageOf(session, tools, width, faults);
}

/** Works with a browser of its own, and ends it. */
export async function withBrowser<Result>(work: (browser: Browser) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'acr-transfer-render-'));
  const child = await start(folder);
  const ended = once(child, 'exit');
  const tools = await openDevTools(await endpointOf(child));
  let pages = 0;
  try {
    return await work({
      open: (html, view) => {
        const file = join(folder, `page-${(pages += 1)}.html`);
        writeFileSync(file, html);
        return openPage(tools, pathToFileURL(file).href, view);
      },
    });
  } finally {
    tools.close();
    child.kill();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}
