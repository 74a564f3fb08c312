/** Issue 19, A9: the documentation doesn't promise more than the action does. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8').replaceAll(/\s+(?:# )?/g, ' ');

describe('A9: a claim about security', () => {
  it.each([
    ['examples/own-handoff.yml', /nothing has to be trusted|don't have to trust/i],
    ['docs/how-it-works.md', /is compared with the manifest before anything is imported/],
    ['docs/handoff.md', /still checks the whole/],
  ])('is gone if it was too strong: %s', (path, claim) => {
    expect(read(path)).not.toMatch(claim);
  });

  it('about hosts in answers stands only in the list of what changed', () => {
    const [before = '', changed = ''] = read('SECURITY.md').split('## What changed since the code was public');
    expect(before).not.toMatch(/nothing in an answer decides where a token goes/i);
    expect(changed).toMatch(/nothing in an answer decides where a token goes/i);
  });

  it.each([
    ['examples/own-handoff.yml', 'must be trusted'],
    ['docs/how-it-works.md', "It doesn't find forgery"],
    ['docs/handoff.md', 'another writer of the container could have left its blocks'],
  ])('names the limit: %s', (path, limit) => {
    expect(read(path)).toContain(limit);
  });
});
