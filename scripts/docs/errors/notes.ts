/**
 * Texts about errors that only the documentation contains. The action never prints them, so they aren't in the bundle. What the
 * action prints is in `src/transfer/errors/catalog.ts`.
 */
import type { TransferErrorId } from '../../../src/transfer/errors/catalog.ts';
import { PREFLIGHT_NOTES } from './preflight.ts';
import { RUN_NOTES } from './runs.ts';
import { SIGN_IN_NOTES } from './sign-in.ts';
import { STORAGE_NOTES } from './storage.ts';

/** What the documentation says about an error, besides the texts of the catalog. */
export interface ErrorNotes {
  /** Meaning and cause. */
  readonly meaning: string;
  /** How the error is detected, with the source of the fact. */
  readonly evidence: string;
}

/** The notes of every error of the catalog. */
export const ERROR_NOTES: Readonly<Record<TransferErrorId, ErrorNotes>> = {
  ACRT1001: {
    meaning:
      "An input of the step is missing, misspelled, or can't be combined with another input. No service was contacted.",
    evidence: 'action.yml, and the formats in docs/reference.md.',
  },
  ACRT1002: {
    meaning:
      'GitHub runs the action on Node 24 (action.yml). The runner is too old, or the bundle was started with another Node version.',
    evidence: 'process.versions of the runtime.',
  },
  ACRT7001: {
    meaning: "A plan, transfer manifest or receipt doesn't exist, isn't JSON, or doesn't match its published schema.",
    evidence: 'The file or the blob, and its schema in docs/schemas.',
  },
  ACRT7002: {
    meaning: 'A newer release of the action wrote the document.',
    evidence: 'The member version of the document.',
  },
  ACRT7003: {
    meaning: 'The export of these artifacts failed, so they were not handed off.',
    evidence: 'The member missing of the manifest.',
  },
  ACRT7004: {
    meaning:
      'Another step or job of this workflow run wrote a transfer manifest with the same name, for another source or target registry. This step would overwrite it.',
    evidence: 'A manifest with this name, written by the same workflow run, with other registries.',
  },
  ACRT7005: {
    meaning:
      'A plan is executed exactly as it was written, so it must have the same source registry and pipelines as this step.',
    evidence: 'Registry and pipelines in the plan.',
  },
  ACRT7009: {
    meaning:
      'A manifest is bound to its transfer name and to its target, so that a manifest that was planted or confused with another one imports nothing. A blob has to be named TRANSFER_NAME.transfer.json; a file can have any name.',
    evidence: 'transferName, target and batches of the manifest, the name of its blob, transfer-name and the target.',
  },
  ACRT7010: {
    meaning: 'allowed-sources lists the registries whose manifests this step accepts.',
    evidence: 'The member registry of the manifest, and allowed-sources.',
  },
  ACRT7011: {
    meaning:
      'A receipt records which transfer manifest it answers, and is replaced only by a receipt of the same manifest, or of a newer one of the same source. Nothing was imported.',
    evidence: 'manifest and source of the receipt in the container.',
  },
  ACRT9001: {
    meaning: "The action doesn't handle this error. It is a bug in the action.",
    evidence: 'An error without an ID.',
  },
  ...SIGN_IN_NOTES,
  ...PREFLIGHT_NOTES,
  ...RUN_NOTES,
  ...STORAGE_NOTES,
};
