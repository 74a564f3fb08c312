/** Preflight checks, their titles, and their results. */
import type { TransferError } from '../errors/index.ts';
import type { Side } from './side.ts';

/** Titles of the checks. */
export const CHECK_TITLES: Readonly<Record<CheckName, string>> = {
  'sign-in': 'Sign-in',
  registry: 'Registry',
  'registry-network': 'Registry network',
  pipeline: 'Pipeline',
  'pipeline-identity': 'Pipeline identity',
  'pipeline-options': 'Pipeline options',
  permissions: 'Workflow permissions',
  container: 'Container',
  'storage-network': 'Storage network',
  sas: 'SAS',
  secret: 'Key Vault secret',
  role: 'Pipeline role',
  artifacts: 'Artifacts',
  tags: 'Tags at the target',
  blobs: 'Transfer blobs',
};

/** Title of a check. */
export const checkTitle = (check: CheckName): string => CHECK_TITLES[check];

/** Names of the checks, in reading order. */
export const CHECK_NAMES = [
  'sign-in',
  'registry',
  'registry-network',
  'pipeline',
  'pipeline-identity',
  'pipeline-options',
  'permissions',
  'container',
  'storage-network',
  'sas',
  'secret',
  'role',
  'artifacts',
  'tags',
  'blobs',
] as const;

/** Name of a check. */
export type CheckName = (typeof CHECK_NAMES)[number];

/** The result of one check on one side. */
export type CheckResult = {
  readonly side: Side;
  readonly check: CheckName;
} & (
  | { readonly verdict: 'ok'; readonly text: string }
  | { readonly verdict: 'warning' | 'error'; readonly failure: TransferError }
  /** The check was not possible; the text is the reason. */
  | { readonly verdict: 'unknown'; readonly text: string }
);
