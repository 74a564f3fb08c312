import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mitText } from './mit.ts';

/** Third-party code in dist/. */
export interface Component {
  readonly name: string;
  readonly version: string;
  /** SPDX expression; empty if the package states none. */
  readonly license: string;
  /** The license, and the notice if there is one; empty if there is none. */
  readonly text: string;
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly author?: string | { readonly name: string };
}

/** A NOTICE must be distributed too (Apache-2.0, section 4 d). */
const TEXTS = [/^(?:licen[cs]e|copying)(?:\.|$)/i, /^notice(?:\.|$)/i];

/** Packages have different line endings, and spaces at the ends of lines. */
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

/** Some packages state the license without its text, which must be distributed. */
function namedText({ author, license }: Manifest): string {
  const holder = typeof author === 'string' ? author : author?.name;
  return license === 'MIT' && holder !== undefined ? mitText(holder) : '';
}

/** Reads the manifest and the license of an installed package. */
export function packageComponent(root: string, folder: string): Component {
  const path = join(root, folder);
  const manifest = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as Manifest;
  const { name, version, license = '' } = manifest;
  return { name, version, license, text: textsOf(path) || namedText(manifest) };
}
