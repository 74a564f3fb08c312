import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mitText } from './mit.ts';

/** Third-party code in dist/. */
export interface Component {
  readonly name: string;
  readonly version: string;
  /** SPDX expression; empty when the package does not say. */
  readonly license: string;
  /** The license, and the notice when there is one; empty when there is none to be found. */
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

/** Some packages name the license and forget its text, which it asks to be handed on. */
function namedText({ author, license }: Manifest): string {
  const holder = typeof author === 'string' ? author : author?.name;
  return license === 'MIT' && holder !== undefined ? mitText(holder) : '';
}

/** Reads what an installed package says of itself. */
export function packageComponent(root: string, folder: string): Component {
  const path = join(root, folder);
  const manifest = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as Manifest;
  const { name, version, license = '' } = manifest;
  return { name, version, license, text: textsOf(path) || namedText(manifest) };
}
