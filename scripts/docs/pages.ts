import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { actionDefinition, ROOT } from '../action-definition.ts';
import { REUSABLE_WORKFLOWS, reusableWorkflow } from '../workflow-definition.ts';
import { inputsTable, outputsTable } from './action-tables.ts';
import { errorsPage } from './errors-page.ts';
import { factsTable } from './facts-table.ts';
import { faultTable } from './fault-table.ts';
import { jsonSchemas } from './json-schemas.ts';
import { fillRegion } from './regions.ts';
import { symptomSections, wordSections } from './troubleshooting-tables.ts';
import { permissionsTable, workflowTables } from './workflow-tables.ts';

/** Facts about the responses of the services. */
const FACTS = 'test/fixtures/contract/README.md';

/** A page with the tables of one action. */
function withTables(path: string, folder: string, prefix: string): readonly [string, string] {
  const definition = actionDefinition(folder);
  const text = readFileSync(join(ROOT, path), 'utf8');
  const inputs = fillRegion(text, `${prefix}inputs`, inputsTable(definition));
  return [path, fillRegion(inputs, `${prefix}outputs`, outputsTable(definition))];
}

/** The page of the reusable workflows. */
function workflowsPage(path: string): readonly [string, string] {
  const workflows = REUSABLE_WORKFLOWS.map((name) => [name, reusableWorkflow(name)] as const);
  const text = fillRegion(readFileSync(join(ROOT, path), 'utf8'), 'workflow-permissions', permissionsTable(workflows));
  const filled = workflows.reduce(
    (page, [name, workflow]) => fillRegion(page, `workflow-${name}`, workflowTables(workflow)),
    text,
  );
  return [path, filled];
}

/** The page of symptoms. */
function troubleshootingPage(path: string): readonly [string, string] {
  const text = fillRegion(readFileSync(join(ROOT, path), 'utf8'), 'symptoms', symptomSections());
  return [path, fillRegion(text, 'words', wordSections())];
}

/** All generated pages, by path. */
export const generatedPages = async (): Promise<ReadonlyMap<string, string>> =>
  new Map([
    withTables('docs/reference.md', '', ''),
    withTables('docs/setup.md', 'setup', 'setup-'),
    workflowsPage('docs/workflows.md'),
    troubleshootingPage('docs/troubleshooting.md'),
    ['docs/errors.md', errorsPage()],
    [
      'docs/reliability.md',
      fillRegion(readFileSync(join(ROOT, 'docs/reliability.md'), 'utf8'), 'faults', faultTable()),
    ],
    [FACTS, fillRegion(readFileSync(join(ROOT, FACTS), 'utf8'), 'facts', factsTable())],
    ...(await jsonSchemas()),
  ]);

/** Paths of pages that are outdated or missing. */
export const stalePages = (
  pages: ReadonlyMap<string, string>,
  read: (path: string) => string | null,
): readonly string[] => [...pages].flatMap(([path, text]) => (read(path) === text ? [] : [path]));
