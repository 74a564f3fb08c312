/**
 * The error catalog: the tables of all ranges, with ACRT1…, ACRT7… and ACRT9….
 *
 * It is the only source of error IDs, messages and remedies. `docs/errors.md` is generated from it and from
 * `scripts/docs/errors/notes.ts`.
 *
 * IDs never change their meaning. 1xxx inputs, 2xxx sign-in and network, 3xxx prerequisites and setup, 4xxx pipeline runs,
 * 5xxx handoff and storage, 6xxx verification, 7xxx documents, 9xxx internal errors.
 */
import { entry, similarReports } from './catalog-entry.ts';
import { PREFLIGHT_ERRORS } from './catalog-preflight.ts';
import { PROVISIONING_ERRORS } from './catalog-provisioning.ts';
import { REGISTRY_ERRORS } from './catalog-registry.ts';
import { RUN_ERRORS } from './catalog-runs.ts';
import { SIGN_IN_ERRORS } from './catalog-sign-in.ts';
import { STORAGE_ERRORS } from './catalog-storage.ts';

/** The catalog, by error ID. */
export const CATALOG = {
  ACRT1001: entry<{ count: string; problems: string }>({
    title: 'One or more inputs are invalid',
    message: (v) => `${v.count} in the inputs of this step:\n${v.problems}`,
    remedy: () =>
      'Correct the inputs in the list. docs/reference.md describes the format and the default of each input.',
  }),
  ACRT1002: entry<{ version: string; least: string }>({
    title: 'The Node.js version is too old',
    message: (v) => `The action needs Node ${v.least}, but runs on Node ${v.version}. No service was contacted.`,
    remedy: () =>
      'Update the runner, or start the bundle with Node 24. In a clone of the repository:\n  npx node dist/index.js',
  }),
  ...SIGN_IN_ERRORS,
  ...PREFLIGHT_ERRORS,
  ...PROVISIONING_ERRORS,
  ...RUN_ERRORS,
  ...STORAGE_ERRORS,
  ...REGISTRY_ERRORS,
  ACRT7001: entry<{ document: string; place: string; reason: string }>({
    title: "A document can't be read",
    message: (v) => `${v.document} ${v.place}: ${v.reason}`,
    remedy: () =>
      'If a plan is missing: download the workflow artifact of the dry run, and set plan to the path of its plan.json, relative to the workspace. If a transfer manifest is missing: run export and handoff first, and set the manifest or transfer-name of the workflow run that exported. The default name contains the run ID, and each shard of a plan has its own manifest (NAME.1-of-2). If the document is damaged: use the file exactly as the action wrote it.',
  }),
  ACRT7002: entry<{ document: string; place: string; version: string; known: string }>({
    title: 'A document has a newer version',
    message: (v) => `${v.document} ${v.place} has version ${v.version}; this release reads up to ${v.known}.`,
    remedy: () => 'Use the same release of the action on both sides: the newer one.',
  }),
  ACRT7003: entry<{ count: string; references: string }>({
    title: 'The transfer manifest is incomplete',
    message: (v) => `${v.count} of this transfer could not be exported:\n${v.references}`,
    remedy: () =>
      'Find the cause in the export step, and run export, handoff and import again. Finished batches are not repeated.',
  }),
  ACRT7004: entry<{ transferName: string }>({
    title: 'Two transfers in one workflow run have the same name',
    message: (v) =>
      `Another step of this workflow run uses the transfer name ${v.transferName} for another source or target registry.`,
    remedy: () =>
      'Set a different transfer-name in each step that exports, and use the same names in handoff and import:\n  transfer-name: NAME-${{ github.run_id }}',
  }),
  ACRT7005: entry<{ place: string; reason: string }>({
    title: "The plan doesn't match this step",
    message: (v) => `The plan ${v.place} can't be executed: ${v.reason}.`,
    remedy: () =>
      'Set the same pipelines as in the dry run, and use the plan exactly as the dry run wrote it. Or create a new plan.',
  }),
  ACRT9001: entry<{ reason: string }>({
    title: 'Unexpected error',
    message: (v) => `Unexpected: ${v.reason}`,
    remedy: (v) =>
      `Report the bug with the log of a run with debug logging (Re-run jobs → Enable debug logging). You can safely run the workflow again. ${similarReports(v.reason)}`,
  }),
} as const;

/** ID of an error. */
export type TransferErrorId = keyof typeof CATALOG;

/** The values that the texts of an error need. */
export type TransferErrorValues<Id extends TransferErrorId> = Parameters<(typeof CATALOG)[Id]['message']>[0];
