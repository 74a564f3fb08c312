/** Which commit, workflow and person a transfer comes from, and what it has left on the runner. */
import { basename } from 'node:path';
import type { ReportDocument } from '../transfer/report-schema.ts';
import { code, joined, link, ours, small, type Block, type Inline } from './blocks.ts';

type ReportProvenance = NonNullable<ReportDocument['provenance']>;

function commitUrl({ run, repository, commit }: ReportProvenance): string | null {
  const server = URL.parse(run)?.origin;
  return server === undefined ? null : `${server}/${repository}/commit/${commit}`;
}

function originText(provenance: ReportProvenance): readonly Inline[] {
  const { repository, commit, workflow, run, actor } = provenance;
  return [
    link(run, workflow === '' ? 'workflow run' : workflow),
    ` in ${repository}`,
    ...(commit === '' ? [] : [' at ', link(commitUrl(provenance), code(commit.slice(0, 12)))]),
    ...(actor === '' ? [] : [`, by ${actor}`]),
  ];
}

function documentsText({ plan, manifest, receipt }: ReportDocument['documents']): readonly Inline[] {
  const paths = [plan, manifest, receipt].filter((path) => path !== null);
  const names = [...paths.map((path) => code(basename(path))), code('report.json'), code('report.html')];
  return [ours('Documents: '), ...joined(names, ours(', '))];
}

/** One line, in small print. */
export const provenanceBlocks = ({ provenance, documents, createdAt }: ReportDocument): readonly Block[] => [
  small([
    ...(provenance === null ? [] : [...originText(provenance), ours(' · ')]),
    ours(`${createdAt.slice(0, 16).replace('T', ' ')} UTC · `),
    ...documentsText(documents),
  ]),
];
