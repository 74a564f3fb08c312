/** Checks, their titles and results. */
import type { TransferError } from '../errors/index.ts';
import type { Side } from './side.ts';

/** Titles of the checks. */
export const CHECK_TITLES: Readonly<Record<CheckName, string>> = {
  'sign-in': 'Sign-in',
  registry: 'Registry',
  'registry-network': 'Network of the registry',
  pipeline: 'Pipeline',
  'pipeline-identity': 'Identity of the pipeline',
  'pipeline-options': 'Options of the pipeline',
  rights: 'Rights of this workflow',
  container: 'Container',
  'storage-network': 'Network of the storage',
  sas: 'SAS',
  secret: 'Secret in Key Vault',
  role: 'Role of the pipeline',
  artifacts: 'Artifacts',
  tags: 'Tags at the target',
  blobs: 'Transfer blobs',
};

/** The name of a check, for people. */
export const checkTitle = (check: CheckName): string => CHECK_TITLES[check];

/** What is checked; the order in which a person should read them. */
export const CHECK_NAMES = [
  'sign-in',
  'registry',
  'registry-network',
  'pipeline',
  'pipeline-identity',
  'pipeline-options',
  'rights',
  'container',
  'storage-network',
  'sas',
  'secret',
  'role',
  'artifacts',
  'tags',
  'blobs',
] as const;

/** One of them. */
export type CheckName = (typeof CHECK_NAMES)[number];

/** A check with its verdict. */
export type CheckResult = {
  readonly side: Side;
  readonly check: CheckName;
} & (
  | { readonly verdict: 'ok'; readonly text: string }
  | { readonly verdict: 'warning' | 'error'; readonly failure: TransferError }
  /** Could not be checked, and why. */
  | { readonly verdict: 'unknown'; readonly text: string }
);
