import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { showProblems } from '../../../../src/action/report/annotations.ts';
import { beginGroup, mask, print } from '../../../../src/action/runner/log.ts';
import { transferError, type TransferErrorFacts } from '../../../../src/transfer/errors/transfer-error.ts';

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

const facts = (count: number): TransferErrorFacts[] =>
  Array.from(
    { length: count },
    (_, index) => transferError('ACRT4001', { run: `run${index}`, reason: 'broken' }).facts,
  );

describe('print', () => {
  it.each([
    { name: 'a command', text: '::add-mask::all' },
    { name: 'a command on a later line', text: 'first\n  ::stop-commands::x' },
    { name: 'a command after a carriage return', text: 'first\r::set-output name=a::b' },
    { name: 'a legacy command', text: 'text ##[error]oops' },
  ])('writes nothing that the runner obeys: $name', ({ text }) => {
    print(text);

    expect(written.split(/[\r\n]+/).filter((line) => /^\s*::|##\[/.test(line))).toEqual([]);
  });

  it('redacts secrets', () => {
    print('https://a/c?sv=1&sig=abcdef');

    expect(written).toBe('https://a/c?sv=1&sig=***\n');
  });

  it('does not change ordinary text', () => {
    print('batch 1 of 2 · export: a::b');

    expect(written).toBe('batch 1 of 2 · export: a::b\n');
  });
});

describe('beginGroup', () => {
  it('begins one group with any title', () => {
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

const warnings = (count: number): string[] => Array.from({ length: count }, (_, index) => `warning ${index}.`);

describe('showProblems', () => {
  it.each([
    { errors: 1, ofChecks: 0, warned: 0, annotations: 1 },
    { errors: 4, ofChecks: 3, warned: 3, annotations: 10 },
    { errors: 4, ofChecks: 3, warned: 4, annotations: 10 },
    { errors: 11, ofChecks: 0, warned: 0, annotations: 10 },
    { errors: 0, ofChecks: 0, warned: 30, annotations: 10 },
    { errors: 300, ofChecks: 300, warned: 300, annotations: 10 },
  ])(
    'shows $errors errors, $ofChecks warnings of checks and $warned warnings in $annotations annotations, and all of them in the log',
    ({ errors, ofChecks, warned, annotations }) => {
      const [failures, checkWarnings] = [facts(errors), facts(ofChecks)];
      showProblems({ failures, checkWarnings, warnings: warnings(warned) });

      expect(commands()).toHaveLength(annotations);
      for (const { message } of [...failures, ...checkWarnings]) expect(written).toContain(message);
      for (const text of warnings(warned)) expect(written).toContain(text);
    },
  );

  it('shows errors first, then warnings of checks, then other warnings', () => {
    showProblems({ failures: facts(1), checkWarnings: facts(1), warnings: warnings(1) });

    expect(commands().map((line) => /^::(\w+)( title)?/.exec(line)?.[0])).toEqual([
      '::error title',
      '::warning title',
      '::warning',
    ]);
  });

  it.each([
    { errors: 30, warned: 0, last: '::error::21 more problems are in this log, and in report.json.' },
    { errors: 10, warned: 4, last: '::error::1 more problems and 4 warnings are in this log, and in report.json.' },
    { errors: 2, warned: 12, last: '::warning::5 more warnings are in this log, and in report.json.' },
  ])('counts the problems without an annotation in the last annotation: $last', ({ errors, warned, last }) => {
    showProblems({ failures: facts(errors), checkWarnings: [], warnings: warnings(warned) });

    expect(commands().at(-1)).toBe(last);
  });

  it('shows id, title, remedy and correlation id', () => {
    const failures = [transferError('ACRT4001', { run: 'run0', reason: 'broken' }, { correlationId: 'c-1' }).facts];
    showProblems({ failures, checkWarnings: [], warnings: [] });

    expect(written).toMatch(
      /^::error title=ACRT4001 A pipeline run failed::Run run0 failed: broken%0A→ .*%0ACorrelation ID: c-1/,
    );
  });

  it('prints no command from the message of a service', () => {
    const failures = [transferError('ACRT4001', { run: 'run0', reason: 'x\n::error::y\r\n##[error]z' }).facts];
    showProblems({ failures, checkWarnings: [], warnings: ['::error::y'] });

    expect(commands()).toHaveLength(2);
  });
});
