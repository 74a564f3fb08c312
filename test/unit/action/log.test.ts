import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { beginGroup, mask, print, showFailures, showWarnings } from '../../../src/action/log.ts';
import { failure, type FailureFacts } from '../../../src/transfer/failure.ts';

let written: string;

beforeEach(() => {
  written = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written += String(text);
    return true;
  });
});

afterEach(() => {
  jest.restoreAllMocks();
});

/** Lines that the runner obeys. */
const commands = (): string[] => written.split(/\r?\n/).filter((line) => /^\s*::|##\[/.test(line));

const facts = (count: number): FailureFacts[] =>
  Array.from({ length: count }, (_, index) => failure('ACRT4001', { run: `run${index}`, reason: 'broken' }).facts);

describe('print', () => {
  it.each([
    { name: 'a command', text: '::add-mask::all' },
    { name: 'a command on a later line', text: 'first\n  ::stop-commands::x' },
    { name: 'a command after a carriage return', text: 'first\r::set-output name=a::b' },
    { name: 'a command of old', text: 'text ##[error]oops' },
  ])('writes nothing that the runner obeys: $name', ({ text }) => {
    print(text);

    expect(written.split(/[\r\n]+/).filter((line) => /^\s*::|##\[/.test(line))).toEqual([]);
  });

  it('takes secrets out', () => {
    print('https://a/c?sv=1&sig=abcdef');

    expect(written).toBe('https://a/c?sv=1&sig=***\n');
  });

  it('leaves ordinary text alone', () => {
    print('batch 1 of 2 · export: a::b');

    expect(written).toBe('batch 1 of 2 · export: a::b\n');
  });
});

describe('beginGroup', () => {
  it('begins one group, whatever its title', () => {
    beginGroup('title\n::error::oops');

    expect(commands()).toHaveLength(1);
    expect(commands()[0]).toMatch(/^::group::title/);
  });
});

describe('mask', () => {
  it('masks all forms of a secret', () => {
    mask('a/b+c=');

    expect(commands()).toEqual(['::add-mask::a/b+c=', '::add-mask::a%252Fb%252Bc%253D']);
  });
});

describe('showFailures', () => {
  it.each([
    { count: 1, annotations: 1 },
    { count: 10, annotations: 10 },
    { count: 11, annotations: 10 },
    { count: 300, annotations: 10 },
  ])('shows $count failures in $annotations annotations, and every one in the log', ({ count, annotations }) => {
    showFailures(facts(count));

    expect(commands()).toHaveLength(annotations);
    for (const { message } of facts(count)) expect(written).toContain(message);
  });

  it('says how many have no annotation', () => {
    showFailures(facts(30));

    expect(commands().at(-1)).toMatch(/^::error.*::21 more problems/);
  });

  it('shows id, title, remedy and correlation id', () => {
    showFailures([failure('ACRT4001', { run: 'run0', reason: 'broken' }, { correlationId: 'c-1' }).facts]);

    expect(written).toMatch(
      /^::error title=ACRT4001 A pipeline run failed::Run run0 failed: broken%0A→ .*%0ACorrelation ID: c-1/,
    );
  });

  it('is not fooled by what a service says', () => {
    showFailures([failure('ACRT4001', { run: 'run0', reason: 'x\n::error::y\r\n##[error]z' }).facts]);

    expect(commands()).toHaveLength(1);
  });
});

describe('showWarnings', () => {
  it('shows at most ten annotations', () => {
    showWarnings(Array.from({ length: 30 }, (_, index) => `warning ${index}`));

    expect(commands()).toHaveLength(10);
  });

  it('shows every warning in the log', () => {
    showWarnings(Array.from({ length: 30 }, (_, index) => `warning ${index}.`));

    expect(written).toContain('warning 29.');
  });
});
