/** Opens pages in the Chromium that is installed on the machine, headless, and takes screenshots of them. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { installTools } from '../tools/install.ts';

/** Color scheme of a page. */
export type Theme = 'light' | 'dark';

/** A page that is open. */
export interface Page {
  /** Evaluates an expression, and awaits its value. */
  readonly evaluate: (expression: string) => Promise<unknown>;
  /** Writes a screenshot of the whole page, with a palette of 256 colors: a third of the bytes without a visible difference. */
  readonly screenshot: (png: string) => Promise<void>;
  /** Console errors and uncaught exceptions so far. Violations of the content security policy are console errors. */
  readonly errors: () => readonly string[];
}

/** How a page is opened. */
export interface View {
  readonly theme: Theme;
  /** CSS pixels. */
  readonly width: number;
}

/** Opens pages. */
export interface Browser {
  /** Opens a page, and closes it after the work. */
  readonly withPage: <Result>(html: string, view: View, work: (page: Page) => Promise<Result>) => Promise<Result>;
}

// The parts of playwright-core and sharp that are used here. The packages are outside the default installation, and so are
// their types.
interface PlaywrightPage {
  on(event: 'console', listener: (message: { type(): string; text(): string }) => void): void;
  on(event: 'pageerror', listener: (error: Error) => void): void;
  goto(url: string, options: { readonly timeout: number }): Promise<unknown>;
  evaluate(expression: string): Promise<unknown>;
  screenshot(options: { readonly fullPage: boolean }): Promise<Buffer>;
  close(): Promise<void>;
}

interface PageOptions {
  readonly colorScheme: Theme;
  readonly viewport: { readonly width: number; readonly height: number };
}

interface PlaywrightBrowser {
  newPage(options: PageOptions): Promise<PlaywrightPage>;
  close(): Promise<void>;
}

interface Playwright {
  readonly chromium: {
    launch(options: { readonly executablePath: string; readonly args: readonly string[] }): Promise<PlaywrightBrowser>;
  };
}

type Sharp = (image: Buffer) => {
  png(options: { readonly palette: boolean; readonly dither: number; readonly compressionLevel: number }): {
    toFile(path: string): Promise<unknown>;
  };
};

interface Packages {
  readonly playwright: Playwright;
  readonly sharp: Sharp;
}

/** Commands that start Chromium, by system. */
const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome'];

/** Also enough on a machine that is busy with other work, milliseconds. */
const LOAD_TIMEOUT = 180_000;

function loadPackages(): Packages {
  const { resolve } = installTools('scripts/tools/render');
  const load = createRequire(import.meta.url);
  return { playwright: load(resolve('playwright-core')) as Playwright, sharp: load(resolve('sharp')) as Sharp };
}

function findChromium(): string {
  for (const command of COMMANDS) {
    const { status, stdout } = spawnSync('which', [command], { encoding: 'utf8' });
    if (status === 0) return stdout.trim();
  }
  throw new Error(`Chromium isn't installed: none of the commands ${COMMANDS.join(', ')} exists`);
}

function toPage(page: PlaywrightPage, sharp: Sharp): Page {
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', ({ message }) => errors.push(message));
  return {
    evaluate: (expression) => page.evaluate(expression),
    screenshot: async (png) => {
      const image = await page.screenshot({ fullPage: true });
      await sharp(image).png({ palette: true, dither: 0, compressionLevel: 9 }).toFile(png);
    },
    errors: () => errors,
  };
}

/** Starts a browser with a profile of its own, and closes it after the work. */
export async function withBrowser<Result>(work: (browser: Browser) => Promise<Result>): Promise<Result> {
  const { playwright, sharp } = loadPackages();
  const folder = mkdtempSync(join(tmpdir(), 'acr-transfer-render-'));
  const file = join(folder, 'page.html');
  const args = ['--no-sandbox', '--disable-gpu'];
  try {
    const browser = await playwright.chromium.launch({ executablePath: findChromium(), args });
    try {
      return await work({
        withPage: async (html, { theme, width }, usePage) => {
          writeFileSync(file, html);
          const page = await browser.newPage({ colorScheme: theme, viewport: { width, height: 800 } });
          try {
            const opened = toPage(page, sharp);
            await page.goto(pathToFileURL(file).href, { timeout: LOAD_TIMEOUT });
            return await usePage(opened);
          } finally {
            await page.close();
          }
        },
      });
    } finally {
      await browser.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
