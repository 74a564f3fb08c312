import { describe, expect, it } from '@jest/globals';
import { describeSelection } from '../../../../src/transfer/selection/describe.ts';
import { parseSelection } from '../../../../src/transfer/selection/parse.ts';

const describeText = (text: string): readonly string[] => describeSelection(parseSelection(text).lines);

describe('describeSelection', () => {
  it('describes in columns the lines that select, and then the lines that exclude', () => {
    const text = [
      '!team/*/api:*-rc*',
      'samples/hello-world',
      `samples/nginx@sha256:${'0a2e'.repeat(16)}`,
      'team/api:* newest=5 pushed-within=30d semver=>=1.2,<2',
      'team/*/api:v1.* pushed-within=12h newest=1 optional',
    ].join('\n');

    expect(describeText(text)).toEqual([
      'select   samples/hello-world  :latest',
      'select   samples/nginx        @sha256:0a2e0a2e0a2e…',
      'select   team/api             :*                     versions >=1.2 <2, pushed within 30 days, the 5 newest',
      'select   team/*/api           :v1.*                  pushed within 12 hours, the newest, optional',
      'exclude  team/*/api           :*-rc*',
    ]);
  });

  it("doesn't widen a column for a long name", () => {
    const [short] = describeText(`a:* newest=2\n${'b'.repeat(200)}:1`);

    expect(short).toBe(`select  ${'a'.padEnd(40)}  :*  the 2 newest`);
  });

  it('is empty without lines', () => {
    expect(describeSelection([])).toEqual([]);
  });
});
