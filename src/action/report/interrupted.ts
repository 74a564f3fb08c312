/** What the post step says of a step that was ended in the middle. */
import type { CurrentRunState, InterruptedRun } from '../../transfer/pipelines/interrupted-runs.ts';
import { callout, code, link, ours, paragraph, table, verdict, type Block, type Text } from './blocks.ts';
import { portalPage } from './links.ts';
import { blocksMarkdown } from './markdown.ts';

/** More nobody reads. */
const MAX_SHOWN = 50;

/** What has become of a run, in words. */
export function nowText(now: CurrentRunState): string {
  switch (now.kind) {
    case 'running':
      return now.percentage === null ? 'is running' : `is running, ${Math.round(now.percentage)} %`;
    case 'succeeded':
      return 'has succeeded';
    case 'failed':
      return `has failed: ${now.reason}`;
    case 'absent':
      return 'was not started';
    case 'unknown':
      return 'could not be looked at; it may be running';
  }
}

const goesOn = ({ now }: InterruptedRun): boolean => now.kind === 'running' || now.kind === 'unknown';

const GO_ON =
  'To go on, re-run this job (“Re-run failed jobs”), or run the workflow again with the same transfer-name: it takes up the runs that are under way, re-uses blocks that have arrived, and repeats nothing. To leave it, do nothing: a run ends by itself, and the cleanup of a later transfer removes what it leaves.';

function headline(runs: readonly InterruptedRun[]): string {
  const count = runs.filter(goesOn).length;
  if (count === 0) return 'The step was interrupted. Nothing of it goes on in Azure.';
  return `The step was interrupted. ${count === 1 ? 'One pipeline run goes' : `${count} pipeline runs go`} on in Azure without it.`;
}

/** Lines for the log. */
export function interruptedLines(runs: readonly InterruptedRun[]): readonly string[] {
  const shown = runs
    .slice(0, MAX_SHOWN)
    .map(({ stage, run, pipeline, now }) => `  ${stage} run ${run} of ${pipeline.registry} ${nowText(now)}`);
  const rest = runs.length - shown.length;
  return [headline(runs), ...shown, ...(rest > 0 ? [`  … and ${rest} more`] : []), GO_ON];
}

const row = ({ stage, run, pipeline, now, portal }: InterruptedRun): readonly Text[] => [
  ours(stage),
  link(portalPage(portal, `${pipeline.registryId}/pipelineRuns/${run}`), code(run)),
  code(pipeline.registry),
  nowText(now),
];

/** The same for the job summary. */
export function interruptedSummary(runs: readonly InterruptedRun[]): string {
  const rows = runs.slice(0, MAX_SHOWN).map(row);
  const blocks: readonly Block[] = [
    verdict(ours(`⏹️ ${headline(runs)}`)),
    ...(rows.length === 0 ? [] : [table(['Stage', 'Pipeline run', 'Registry', 'Now'], rows)]),
    callout('warning', paragraph(GO_ON)),
  ];
  return `${blocksMarkdown(blocks)}\n`;
}
