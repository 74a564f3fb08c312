import { describe, expect, it } from '@jest/globals';
import { actionDefinition, type ActionDefinition } from '../../../scripts/action-definition.ts';
import { permissionsTable, workflowTables } from '../../../scripts/docs/workflow-tables.ts';
import { REUSABLE_WORKFLOWS, reusableWorkflow, type WorkflowName } from '../../../scripts/workflow-definition.ts';

const transfer = actionDefinition();
const setup = actionDefinition('setup');

/** Inputs of the action that a workflow sets itself, or that have no effect in it. */
const NOT_OFFERED: Readonly<Record<Exclude<WorkflowName, 'setup'>, readonly string[]>> = {
  transfer: ['mode', 'dry-run', 'plan', 'shard', 'receipts', 'manifest', 'blobs', 'allowed-sources'],
  sync: ['mode', 'dry-run', 'plan', 'shard', 'on-drift', 'receipts', 'manifest', 'blobs', 'allowed-sources'],
  export: [
    ...['mode', 'dry-run', 'plan', 'shard', 'on-drift', 'manifest', 'blobs', 'allowed-sources'],
    ...['handoff-method', 'overwrite', 'access-tier', 'max-bandwidth', 'import-by', 'verify'],
    ...Object.keys(transfer.inputs).filter((name) => name.startsWith('target-')),
  ],
  import: [
    ...['mode', 'dry-run', 'plan', 'shard', 'on-drift', 'artifacts', 'artifacts-file', 'incremental', 'receipts'],
    ...['include-referrers', 'max-artifacts-per-run', 'max-blob-size', 'export-pipeline'],
    ...['handoff-method', 'overwrite', 'access-tier', 'max-bandwidth'],
    ...Object.keys(transfer.inputs).filter((name) => name.startsWith('source-')),
  ],
};

/** Defaults that are the point of the workflow. */
const OTHER_DEFAULTS: Readonly<Record<string, readonly string[]>> = { sync: ['incremental', 'transfer-name'] };

const workflows = REUSABLE_WORKFLOWS.map((name) => ({ name, workflow: reusableWorkflow(name) }));

const isSecret = (input: string): boolean => /-(?:client-secret|sas)$/.test(input);

const stepsOf = (name: WorkflowName) => Object.values(reusableWorkflow(name).jobs).flatMap(({ steps = [] }) => steps);

describe.each(workflows)('$name.yml', ({ name, workflow }) => {
  const action: ActionDefinition = name === 'setup' ? setup : transfer;

  it('starts without permissions, and every job declares its permissions and its time limit', () => {
    expect(workflow.permissions).toEqual({});
    for (const job of Object.values(workflow.jobs)) {
      expect(job.permissions).toBeDefined();
      expect(job['timeout-minutes']).toBeGreaterThan(0);
    }
  });

  it('never cancels a run in progress', () => {
    expect(workflow.concurrency['cancel-in-progress']).toBe(false);
  });

  it('describes its inputs and outputs', () => {
    const { inputs, secrets, outputs } = workflow;
    for (const { description } of [inputs, secrets, outputs].flatMap((all) => Object.values(all))) {
      expect(description).toMatch(/\.$/);
    }
    for (const { type } of Object.values(inputs)) expect(type).toMatch(/^(?:boolean|number|string)$/);
    // OIDC needs none.
    for (const { required } of Object.values(secrets)) expect(required).toBe(false);
  });

  it('has the defaults of the action', () => {
    for (const [input, { default: value }] of Object.entries(workflow.inputs)) {
      const own = action.inputs[input];
      if (own === undefined || OTHER_DEFAULTS[name]?.includes(input) === true) continue;
      expect({ input, value: value === undefined ? undefined : String(value) }).toEqual({ input, value: own.default });
    }
  });

  it('passes every input and secret of the action', () => {
    const given = stepsOf(name).flatMap((step) => Object.entries(step.with ?? {}));
    for (const input of Object.keys(workflow.inputs).filter((key) => key in action.inputs)) {
      expect(given).toContainEqual([input, `\${{ inputs.${input} }}`]);
    }
    const secrets = Object.keys(workflow.secrets);
    for (const secret of secrets) {
      const input = name === 'setup' ? 'client-secret' : secret;
      expect(given).toContainEqual([input, `\${{ secrets.${secret} }}`]);
    }
  });
});

describe.each(workflows.filter(({ name }) => name !== 'setup'))('$name.yml', ({ name, workflow }) => {
  it('offers every input of the action that it does not set itself', () => {
    const offered = [...Object.keys(workflow.inputs), ...Object.keys(workflow.secrets)];
    const left = Object.keys(transfer.inputs).filter((input) => !offered.includes(input));

    expect(left.sort()).toEqual([...NOT_OFFERED[name as keyof typeof NOT_OFFERED]].sort());
    expect(Object.keys(workflow.secrets).every(isSecret)).toBe(true);
  });
});

describe('the page of the reusable workflows', () => {
  const sync = reusableWorkflow('sync');

  it('lists the permissions that a caller has to grant, and their jobs', () => {
    expect(permissionsTable([['sync', sync]])).toContain(
      '| `sync.yml` | `contents: read`, `id-token: write`, `issues: write` | sync `contents: read`, `id-token: write`; issue `issues: write` |',
    );
  });

  it('lists type, default and necessity of every input', () => {
    const tables = workflowTables(sync);

    expect(tables).toMatch(/^\| `export-pipeline` \| string \| \*\*required\*\* \| ARM resource ID/m);
    expect(tables).toMatch(/^\| `include-referrers` \| boolean \| `true` \| /m);
    expect(tables).toMatch(/^\| `artifacts-file` \| string \| {2}\| /m);
  });
});
