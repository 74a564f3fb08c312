/** The record of a show: what was run, written by the stage, and how each story went, written by the reporter. */
import { existsSync, readFileSync } from 'node:fs';
import type { RunRecord } from '../../workflows/samples/record.ts';

/** How a story went. */
export interface StoryRecord {
  readonly story: string;
  readonly passed: boolean;
}

/** Everything that was written down so far. */
export interface ShowRecord {
  readonly runs: readonly RunRecord[];
  readonly stories: readonly StoryRecord[];
}

const isStory = (line: RunRecord | StoryRecord): line is StoryRecord => 'passed' in line;

/** Reads a record. */
export function readRecord(path: string): ShowRecord {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const lines = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as RunRecord | StoryRecord);
  return { runs: lines.filter((line): line is RunRecord => !isStory(line)), stories: lines.filter(isStory) };
}

/**
 * What no story has run that went well, sorted.
 * @param all workflows of ours by their path, as in `calls`; samples and callers by their name
 */
export function unproven(all: readonly string[], { runs, stories }: ShowRecord): readonly string[] {
  const good = new Set(stories.filter(({ passed }) => passed).map(({ story }) => story));
  const counted = runs.filter(({ story, jobs }) => good.has(story) && jobs > 0);
  const proven = new Set(counted.flatMap(({ name, calls }) => [name, ...calls]));
  return all.filter((name) => !proven.has(name)).sort();
}
