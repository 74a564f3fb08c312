import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mitText } from './mit.ts';

/** Something of somebody else that dist/ holds. */
export interface Component {
  readonly name: string;
  readonly version: string;
  /** SPDX expression; empty when the package does not say. */
  readonly licence: string;
  /** The licence, and the notice when there is one; empty when there is none to be found. */
  readonly text: string;
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly author?: string | { readonly name: string };
}

/** A NOTICE must be handed on too (Apache-2.0, section 4 d). */
const TEXTS = [/^(?:licen[cs]e|copying)(?:\.|$)/i, /^notice(?:\.|$)/i];

/** Lines end in many ways in the packages, and paragraphs in blanks. */
const tidy = (text: string): string =>
  text
    .replaceAll('\r\n', '\n')
    .replace(/[ \t]+$/gm, '')
    .replace(/^\n+|\s+$/g, '');

function textsOf(folder: string): string {
  const names = readdirSync(folder).sort();
  const found = TEXTS.flatMap((pattern) => names.filter((name) => pattern.test(name)));
  return found.map((name) => tidy(readFileSync(join(folder, name), 'utf8'))).join('\n\n');
}

/** Some packages name the licence and forget its text, which it asks to be handed on. */
function namedText({ author, license }: Manifest): string {
  const holder = typeof author === 'string' ? author : author?.name;
  return license === 'MIT' && holder !== undefined ? mitText(holder) : '';
}

/** Reads what an installed package says of itself. */
export function packageComponent(root: string, folder: string): Component {
  const path = join(root, folder);
  const manifest = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as Manifest;
  const { name, version, license = '' } = manifest;
  return { name, version, licence: license, text: textsOf(path) || namedText(manifest) };
}

/** A file that a package carries and somebody else wrote. */
interface CarriedFile {
  readonly name: string;
  readonly licence: string;
  /** Folder of the package, and from where to where its head comment holds the licence. */
  readonly folder: string;
  readonly text: RegExp;
}

/** `open`, which `@azure/identity` has for signing in by a browser, brings a script of xdg-utils along. */
const CARRIED: Readonly<Record<string, CarriedFile>> = {
  'xdg-open': {
    name: 'xdg-utils (xdg-open)',
    licence: 'MIT',
    folder: 'node_modules/open',
    text: /^# +Copyright[\s\S]*?(?=^#-+$)/m,
  },
};

/** What is known of a file beside the code; one that is not known has neither licence nor text. */
export function assetComponent(root: string, asset: string): Component {
  const known = CARRIED[asset];
  const path = known === undefined ? '' : join(root, known.folder, asset);
  if (known === undefined || !existsSync(path)) return { name: asset, version: '', licence: '', text: '' };
  const head = known.text.exec(readFileSync(path, 'utf8'))?.[0] ?? '';
  const { version } = packageComponent(root, known.folder);
  const { name, licence } = known;
  return { name, version: `of open ${version}`, licence, text: tidy(head.replace(/^# {0,3}/gm, '')) };
}
