/** Report of the post step about an interrupted step. */
import type { CurrentRunState, InterruptedRun } from '../../transfer/pipelines/interrupted-runs.ts';
import { callout, code, headlineBlock, link, paragraph, table, trusted, type Block, type Text } from './blocks.ts';
import { portalPage } from './links.ts';
import { blocksMarkdown } from './markdown.ts';

/** Maximum number of listed runs. */
const MAX_SHOWN = 50;

/** Describes the current state of a run. */
function currentStateText(now: CurrentRunState): string {
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
      return 'could not be read; it might still be running';
  }
}

const mightContinue = ({ now }: InterruptedRun): boolean => now.kind === 'running' || now.kind === 'unknown';

const HOW_TO_RESUME =
  "To resume, re-run this job (“Re-run failed jobs”), or run the workflow again with the same transfer-name. The next attempt follows runs that are under way, reuses blocks that already arrived, and repeats nothing. If you don't want to resume, do nothing: runs end by themselves, and the cleanup of a later transfer removes what they leave.";

function headline(runs: readonly InterruptedRun[]): string {
  const count = runs.filter(mightContinue).length;
  if (count === 0) return 'The step was interrupted. No pipeline run continues in Azure.';
  return `The step was interrupted. ${count === 1 ? 'One pipeline run continues' : `${count} pipeline runs continue`} in Azure.`;
}

/** Lines for the log. */
export function interruptedLines(runs: readonly InterruptedRun[]): readonly string[] {
  const shown = runs
    .slice(0, MAX_SHOWN)
    .map(({ stage, run, pipeline, now }) => `  ${stage} run ${run} of ${pipeline.registry} ${currentStateText(now)}`);
  const rest = runs.length - shown.length;
  return [headline(runs), ...shown, ...(rest > 0 ? [`  … and ${rest} more`] : []), HOW_TO_RESUME];
}

const row = ({ stage, run, pipeline, now, portal }: InterruptedRun): readonly Text[] => [
  trusted(stage),
  link(portalPage(portal, `${pipeline.registryId}/pipelineRuns/${run}`), code(run)),
  code(pipeline.registry),
  currentStateText(now),
];

/** The job summary of the post step. */
export function interruptedSummary(runs: readonly InterruptedRun[]): string {
  const rows = runs.slice(0, MAX_SHOWN).map(row);
  const blocks: readonly Block[] = [
    headlineBlock(trusted(`⏹️ ${headline(runs)}`)),
    ...(rows.length === 0 ? [] : [table(['Stage', 'Pipeline run', 'Registry', 'Now'], rows)]),
    callout('warning', paragraph(HOW_TO_RESUME)),
  ];
  return `${blocksMarkdown(blocks)}\n`;
}
