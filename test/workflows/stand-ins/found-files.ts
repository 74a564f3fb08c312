/** Finds files as @actions/glob does for actions/upload-artifact. */
import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import picomatch from 'picomatch';
import type { ArtifactFile } from '../artifacts.ts';

interface Pattern {
  /** The start of the search: the part before the first wildcard. */
  readonly root: string;
  readonly matches: (path: string) => boolean;
}

const WILDCARD = /[*?[\]]/;

function parsePattern(text: string, workspace: string): Pattern {
  const whole = resolve(workspace, text);
  const segments = whole.split('/');
  const first = segments.findIndex((segment) => WILDCARD.test(segment));
  if (first < 0) return { root: whole, matches: (path) => path === whole };
  return { root: segments.slice(0, first).join('/') || '/', matches: picomatch(whole, { dot: true }) };
}

/** A matching folder includes everything in it. */
function covered({ root, matches }: Pattern, path: string): boolean {
  for (let each = path; each.length >= root.length; each = dirname(each)) {
    if (matches(each)) return true;
    if (each === '/') return false;
  }
  return false;
}

const isHidden = (path: string): boolean => basename(path).startsWith('.');

/** All files at or below a path. Hidden files, and files in hidden folders, only on request. */
function walk(path: string, hidden: boolean): readonly string[] {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined || (!hidden && isHidden(path))) return [];
  if (!stats.isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => walk(join(path, name), hidden));
}

/** The deepest folder with all of these paths. */
function commonAncestor(paths: readonly string[]): string {
  const holds = (folder: string): boolean => paths.every((path) => path === folder || path.startsWith(`${folder}/`));
  let folder = paths[0] ?? '/';
  while (folder !== '/' && !holds(folder)) folder = dirname(folder);
  return folder;
}

/**
 * The files that patterns find, and their paths in the artifact, without the part that all patterns share.
 * @param patterns paths with wildcards, and with `!` what is left out
 * @param hidden whether files and folders with a dot count
 */
export function foundFiles(patterns: readonly string[], workspace: string, hidden: boolean): readonly ArtifactFile[] {
  const parse = (text: string): Pattern => parsePattern(text, workspace);
  const wanted = patterns.filter((text) => !text.startsWith('!')).map(parse);
  const unwanted = patterns.filter((text) => text.startsWith('!')).map((text) => parse(text.slice(1)));
  const files = new Set(
    wanted.flatMap((pattern) => walk(pattern.root, hidden).filter((path) => covered(pattern, path))),
  );
  const kept = [...files].filter((path) => !unwanted.some((pattern) => covered(pattern, path)));
  const roots = wanted.map(({ root }) => root);
  // A single named file is at the top.
  const common = commonAncestor(roots);
  const root = kept.length === 1 && kept[0] === common ? dirname(common) : common;
  return kept.map((from) => ({ from, path: relative(root, from) }));
}
