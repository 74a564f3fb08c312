/** The tables of docs/workflows.md about inputs, secrets, outputs and permissions, from the workflows. */
import { type ReusableWorkflow, type WorkflowInput, type WorkflowJob } from '../workflow-definition.ts';
import { cell, table } from './markdown-table.ts';

function preset({ required, default: value }: WorkflowInput): string {
  if (required === true) return '**required**';
  return value === undefined ? '' : `\`${value}\``;
}

/** Inputs, secrets and outputs of one workflow. */
export function workflowTables({ inputs, secrets, outputs }: ReusableWorkflow): string {
  const described = (values: Readonly<Record<string, { readonly description: string }>>): readonly string[][] =>
    Object.entries(values).map(([name, { description }]) => [`\`${name}\``, cell(description)]);
  return [
    table(
      ['Input', 'Type', 'Default', 'Meaning'],
      Object.entries(inputs).map(([name, input]) => [
        `\`${name}\``,
        input.type,
        preset(input),
        cell(input.description),
      ]),
    ),
    table(['Secret', 'Meaning'], described(secrets)),
    table(['Output', 'Meaning'], described(outputs)),
  ].join('\n\n');
}

const listed = ({ permissions = {} }: Pick<WorkflowJob, 'permissions'>): string =>
  Object.entries(permissions)
    .map(([name, level]) => `\`${name}: ${level}\``)
    .join(', ') || 'none';

/** The permissions that the calling job must grant, and the jobs that use them. */
export const permissionsTable = (workflows: readonly (readonly [string, ReusableWorkflow])[]): string =>
  table(
    ['Workflow', 'The calling job grants', 'Of which get'],
    workflows.map(([name, { jobs }]) => {
      const all = Object.assign({}, ...Object.values(jobs).map(({ permissions = {} }) => permissions)) as Record<
        string,
        string
      >;
      const each = Object.entries(jobs).map(([job, definition]) => `${job} ${listed(definition)}`);
      return [`\`${name}.yml\``, listed({ permissions: all }), each.join('; ')];
    }),
  );
