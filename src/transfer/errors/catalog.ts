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
import { MORE_PREFLIGHT_ERRORS, PREFLIGHT_ERRORS } from './catalog-preflight.ts';
import { PROVISIONING_ERRORS } from './catalog-provisioning.ts';
import { REGISTRY_ERRORS } from './catalog-registry.ts';
import { RUN_ERRORS } from './catalog-runs.ts';
import { SIGN_IN_ERRORS } from './catalog-sign-in.ts';
import { STORAGE_ERRORS } from './catalog-storage.ts';

/** Remedies of ACRT7009, by what doesn't match. */
const BINDING_REMEDIES: ReadonlyMap<string, string> = new Map([
  [
    'name',
    'Set transfer-name to the name of the transfer that you want, as the step that exported shows it, and give a copied manifest the name that it had. If you did not rename it, find out who wrote it.',
  ],
  [
    'target',
    'Set import-pipeline to a pipeline of the registry that the export was made for. If the artifacts are meant for several targets, run the export without import-pipeline.',
  ],
  [
    'empty',
    "The export had nothing to transfer. Skip handoff and import then, by the condition steps.export.outputs.status != 'nothing-to-do' in their steps or jobs.",
  ],
]);

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
  ...MORE_PREFLIGHT_ERRORS,
  ...RUN_ERRORS,
  ...STORAGE_ERRORS,
  ...REGISTRY_ERRORS,
  ACRT7001: entry<{ document: string; place: string; reason: string }>({
    title: "A document can't be read",
    message: (v) => `${v.document} ${v.place}: ${v.reason}`,
    remedy: () =>
      "If a plan is missing: download the workflow artifact of the dry run, and set plan to the path of its plan.json, relative to the workspace. If a transfer manifest is missing: run export and handoff first, and set the manifest or transfer-name of the workflow run that exported. The default name contains the run ID, and each shard of a plan has its own manifest (NAME.1-of-2). An export that had nothing to transfer uploads no manifest: skip handoff and import then (if: steps.export.outputs.status != 'nothing-to-do'). If the document is damaged: use the file exactly as the action wrote it.",
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
  ACRT7009: entry<{ place: string; reason: string; fault: string }>({
    title: "The transfer manifest doesn't belong to this step",
    message: (v) => `The transfer manifest ${v.place} was not used: ${v.reason}.`,
    remedy: (v) => BINDING_REMEDIES.get(v.fault) ?? [...BINDING_REMEDIES.values()].join('\n'),
  }),
  ACRT7010: entry<{ place: string; registry: string; allowed: string }>({
    title: "The source registry of the transfer manifest isn't allowed",
    message: (v) =>
      `The transfer manifest ${v.place} is from ${v.registry}, but allowed-sources lists only ${v.allowed}. Nothing was transferred.`,
    remedy: (v) =>
      `Find out who wrote this manifest. If artifacts of ${v.registry} are meant to arrive here, add the registry:\n  allowed-sources: ${v.allowed}, ${v.registry}`,
  }),
  ACRT7011: entry<{ receipt: string; container: string; reason: string }>({
    title: 'A receipt of another transfer has this name',
    message: (v) => `The receipt ${v.receipt} in ${v.container} answers another transfer manifest: ${v.reason}.`,
    remedy: (v) =>
      `If the manifest of this step is right, move the receipt away, and run the step again:\n  az storage blob download --blob-url '${v.container}/${v.receipt}' --file receipt.json --auth-mode login\n  az storage blob delete --blob-url '${v.container}/${v.receipt}' --auth-mode login\nOtherwise, export again with another transfer-name.`,
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
