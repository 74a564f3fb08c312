/** Tells of each story as soon as it has ended, by the runs that it was made of, and notes how it went. */
import { appendFileSync } from 'node:fs';
import { basename } from 'node:path';
import { RECORD_VARIABLE, type RunRecord } from '../../workflows/samples/record.ts';
import { readRecord, type StoryRecord } from './record.ts';

/** What Jest tells of a test. */
interface Ended {
  readonly fullName: string;
  readonly title: string;
  readonly status: string;
  readonly failureMessages?: readonly string[];
}

/** What Jest tells of a file. */
interface EndedFile {
  readonly testFilePath: string;
  readonly testExecError?: unknown;
  readonly failureMessage?: string | null;
}

const path = process.env[RECORD_VARIABLE] ?? '';

function note(record: StoryRecord): void {
  appendFileSync(path, `${JSON.stringify(record)}\n`);
}

function runLine({ name, calls, jobs, conclusion, seconds }: RunRecord): string {
  const called = calls.map((workflow) => basename(workflow)).join(', ');
  return `${name}${called === '' ? '' : ` → ${called}`}: ${jobs} ${jobs === 1 ? 'job' : 'jobs'}, ${conclusion}, ${seconds} s`;
}

// eslint-disable-next-line no-restricted-syntax -- Jest takes reporters as default exports alone.
export default class Reporter {
  onTestCaseResult(_: unknown, { fullName, title, status, failureMessages = [] }: Ended): void {
    const passed = status === 'passed';
    note({ story: fullName, passed });
    const lines = readRecord(path)
      .runs.filter(({ story }) => story === fullName)
      .map(runLine);
    // A test that runs nothing, and passes, is no story.
    if (lines.length === 0 && !passed) lines.push('nothing was run');
    for (const line of lines) console.log(`${passed ? '✓' : '✗'} ${line} · ${title}`);
    for (const message of failureMessages) console.log(message);
  }

  onTestResult(_: unknown, { testFilePath, testExecError, failureMessage }: EndedFile): void {
    if (testExecError === undefined || testExecError === null) return;
    note({ story: testFilePath, passed: false });
    console.log(`✗ ${basename(testFilePath)}: ${failureMessage ?? 'could not be run'}`);
  }
}
