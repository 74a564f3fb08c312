/**
 * The catalog put together; ACRT1…, ACRT7…, ACRT9….
 *
 * Every failure a user can meet: the one place where ids, texts and remedies stand. `docs/errors.md` is generated from it.
 *
 * Ids never change their meaning. 1xxx inputs, 2xxx sign-in and network, 3xxx what must exist before the first run,
 * 4xxx pipeline runs, 5xxx handoff and storage, 6xxx verification, 7xxx documents, 9xxx our own faults.
 */
import { entry, similarReports } from './catalog-entry.ts';
import { PREFLIGHT_ERRORS } from './catalog-preflight.ts';
import { PROVISIONING_ERRORS } from './catalog-provisioning.ts';
import { REGISTRY_ERRORS } from './catalog-registry.ts';
import { RUN_ERRORS } from './catalog-runs.ts';
import { SIGN_IN_ERRORS } from './catalog-sign-in.ts';
import { STORAGE_ERRORS } from './catalog-storage.ts';

/** The catalog, by id. */
export const CATALOG = {
  ACRT1001: entry<{ count: string; problems: string }>({
    title: 'Inputs are not valid',
    meaning: 'One or more inputs of the step are missing, misspelt or do not fit each other. Nothing was contacted.',
    evidence: 'action.yml, and the forms that docs/reference.md gives.',
    message: (v) => `${v.count} in the inputs of this step:\n${v.problems}`,
    remedy: () => 'Correct the inputs named above; the documentation lists every input with its form and default.',
  }),
  ACRT1002: entry<{ version: string; least: string }>({
    title: 'Node is too old',
    meaning:
      'GitHub runs the action on Node 24 (action.yml). Somebody started the bundle by hand, or the runner is too old.',
    evidence: 'process.versions of the runtime.',
    message: (v) => `This is Node ${v.version}; the action needs Node ${v.least}. Nothing was contacted.`,
    remedy: () =>
      'Update the runner, or start the bundle with Node 24; in a clone of the repository:\n  npx node dist/index.js',
  }),
  ...SIGN_IN_ERRORS,
  ...PREFLIGHT_ERRORS,
  ...PROVISIONING_ERRORS,
  ...RUN_ERRORS,
  ...STORAGE_ERRORS,
  ...REGISTRY_ERRORS,
  ACRT7001: entry<{ document: string; place: string; reason: string }>({
    title: 'A document cannot be read',
    meaning: 'A plan, transfer manifest or receipt is not there, not JSON, or not of the published schema.',
    evidence: 'The file, or the blob, and its schema.',
    message: (v) => `${v.document} ${v.place}: ${v.reason}`,
    remedy: () =>
      'If a plan is not there: give the path of the plan.json that the dry run wrote, relative to the workspace (download its workflow artifact first). If a transfer manifest is not there: run export and handoff first, and give the manifest or transfer-name of the workflow run that exported (the default name holds the run id; shares of a plan have a manifest each, NAME.1-of-2). If it is damaged: hand over the file as the action wrote it; docs/schemas has its schema.',
  }),
  ACRT7002: entry<{ document: string; place: string; version: string; known: string }>({
    title: 'A document is of a newer version',
    meaning: 'The document was written by a newer release of this action than the one that reads it.',
    evidence: 'The member version of the document.',
    message: (v) => `${v.document} ${v.place} has version ${v.version}; this release reads up to ${v.known}.`,
    remedy: () => 'Use the same release of the action on both sides, the newer of the two.',
  }),
  ACRT7003: entry<{ count: string; references: string }>({
    title: 'The transfer manifest is not complete',
    meaning: 'The export that wrote the manifest failed for these artifacts, so they were never handed over.',
    evidence: 'The member missing of the manifest.',
    message: (v) => `${v.count} of this transfer never left the source:\n${v.references}`,
    remedy: () => 'See why the export failed, run it again, then hand over and import again: nothing is repeated.',
  }),
  ACRT7004: entry<{ transferName: string }>({
    title: 'Two transfers of one workflow run have the same name',
    meaning:
      'Another step or job of this workflow run has written a transfer manifest of the same name, with other blobs. The second would hide the first.',
    evidence: 'A manifest of this name, written by the same workflow run.',
    message: (v) => `Another step of this workflow run already uses the transfer name ${v.transferName}.`,
    remedy: () => 'Give each step that exports its own transfer-name, and name it in handoff and import too.',
  }),
  ACRT7005: entry<{ place: string; reason: string }>({
    title: 'The plan does not fit this step',
    meaning:
      'A plan is carried out exactly, so it must be of the same source registry and pipelines, and as it was written.',
    evidence: 'Registry and pipeline that the plan names.',
    message: (v) => `The plan ${v.place} cannot be carried out: ${v.reason}.`,
    remedy: () =>
      'Give the same pipelines as when it was planned, and the file as the dry run wrote it; or plan again.',
  }),
  ACRT9001: entry<{ reason: string }>({
    title: 'Unexpected error',
    meaning: 'Something happened that this action does not know. That is a bug of ours.',
    evidence: 'An error that nobody has caught.',
    message: (v) => `Unexpected: ${v.reason}`,
    remedy: (v) =>
      `Please report it with the log of a run with debug logging (Re-run jobs → Enable debug logging). Running the workflow again is safe. ${similarReports(v.reason)}`,
  }),
} as const;

/** Ids of failures. */
export type TransferErrorId = keyof typeof CATALOG;

/** The values that a failure's texts need. */
export type TransferErrorValues<Id extends TransferErrorId> = Parameters<(typeof CATALOG)[Id]['message']>[0];
