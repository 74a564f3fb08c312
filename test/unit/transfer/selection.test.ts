import { describe, expect, it } from '@jest/globals';
import { formatReference } from '../../../src/transfer/reference.ts';
import { parseSelection } from '../../../src/transfer/selection.ts';

const read = (text: string): string[] => parseSelection(text).references.map((item) => formatReference(item.reference));

describe('parseSelection', () => {
  it('reads lines, with comments, blanks and line ends of any system', () => {
    const text =
      '# release\r\n\r\n  samples/nginx:v1  \r\nsamples/hello-world # the default tag\n\t#nothing\nteam/api:2';

    expect(read(text)).toEqual(['samples/nginx:v1', 'samples/hello-world:latest', 'team/api:2']);
  });

  it('counts an artifact once, and keeps where it was first named', () => {
    const { references } = parseSelection('b:1\nhello-world\nhello-world:latest\nb:1');

    expect(references.map(({ where }) => where)).toEqual(['line 1', 'line 2']);
  });

  it('takes a # only after a blank for a comment', () => {
    expect(parseSelection('nginx:v1#2').problems).toEqual([
      { where: 'line 1', text: 'nginx:v1#2', problem: expect.stringContaining('"v1#2" is not a tag') },
    ]);
  });

  it('reads a file that begins with a byte order mark', () => {
    expect(read('\uFEFFnginx:v1')).toEqual(['nginx:v1']);
  });

  it.each([
    { name: 'a glob', text: 'team/*/api:v1', problem: /patterns.*not supported/ },
    { name: 'a glob tag', text: 'team/api:v1.?', problem: /patterns.*not supported/ },
    { name: 'an exclusion', text: '!team/api:v1', problem: /patterns.*not supported/ },
    { name: 'an option', text: 'team/api:v1 semver=^1.2', problem: /patterns.*not supported/ },
    { name: 'two artifacts on a line', text: 'team/api:v1 team/web:v1', problem: /one artifact a line/ },
    { name: 'a comma', text: 'team/api:v1,team/web:v1', problem: /not a|either/ },
  ])('refuses $name and quotes it', ({ text, problem }) => {
    expect(parseSelection(text)).toEqual({
      references: [],
      problems: [{ where: 'line 1', text, problem: expect.stringMatching(problem) }],
    });
  });

  it('reports every mistake with its line and its file, and reads the rest', () => {
    const { references, problems } = parseSelection('nginx:\nnginx:v1\n\nNginx:v2', 'artifacts.txt');

    expect(problems.map(({ where }) => where)).toEqual(['artifacts.txt line 1', 'artifacts.txt line 4']);
    expect(references.map(({ where }) => where)).toEqual(['artifacts.txt line 2']);
  });

  it('finds nothing in nothing', () => {
    expect(parseSelection(' \n\n# only a comment')).toEqual({ references: [], problems: [] });
  });
});
