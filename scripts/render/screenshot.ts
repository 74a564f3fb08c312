/** Screenshots by a Chromium that is already on the machine. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Names under which systems have it. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** Leaves the height of the page where the first run can read it. */
export const MEASURE = `addEventListener('load', () => {
  document.documentElement.dataset.height = document.body.scrollHeight;
});`;

/** Chromium draws nothing higher: pages are cut there. */
const MOST_PIXELS = 16_000;

/** Pixels of the picture for one of the page: two are sharp, where there is room for them. */
const scaleOf = (height: number): number => (2 * height <= MOST_PIXELS ? 2 : 1);

function run(folder: string, options: readonly string[]): string {
  const common = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--hide-scrollbars',
    `--user-data-dir=${folder}/profile`,
  ];
  for (const name of NAMES) {
    try {
      const stdio: ['ignore', 'pipe', 'ignore'] = ['ignore', 'pipe', 'ignore'];
      return execFileSync(name, [...common, ...options], { encoding: 'utf8', stdio });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  throw new Error(`none of ${NAMES.join(', ')} is installed`);
}

/**
 * Takes a picture of a whole page: once to see how high it is, once to take it.
 * @param html the page; its script must have run {@link MEASURE}
 * @param width CSS pixels
 * @param png where the picture goes
 */
export function screenshot(html: string, width: number, png: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'acr-transfer-render-'));
  try {
    const page = join(folder, 'page.html');
    writeFileSync(page, html);
    const url = pathToFileURL(page).href;
    const dom = run(folder, ['--dump-dom', `--window-size=${width},600`, url]);
    const height = Number(/data-height="(\d+)"/.exec(dom)?.[1] ?? MOST_PIXELS);
    run(folder, [
      `--screenshot=${png}`,
      `--window-size=${width},${Math.min(MOST_PIXELS, height)}`,
      `--force-device-scale-factor=${scaleOf(height)}`,
      url,
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
