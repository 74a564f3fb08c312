/**
 * The defaults of action.yml and setup/action.yml. The runner applies them only to inputs that a step doesn't set; an
 * expression without a value (`${{ vars.X }}`) sets an empty string.
 */

/** Defaults of the transfer action. */
export const INPUT_DEFAULTS: Readonly<Record<string, string>> = {
  'on-drift': 'stop',
  'dry-run': 'false',
  incremental: 'off',
  'include-referrers': 'true',
  'source-cloud': 'azurecloud',
  'target-cloud': 'azurecloud',
  'max-artifacts-per-run': '50',
  'max-parallel-runs': '10',
  'handoff-method': 'auto',
  overwrite: 'false',
  'import-by': 'run',
  verify: 'true',
  'fail-fast': 'false',
  'timeout-minutes': '350',
};

/** Defaults of the setup action. */
export const SETUP_INPUT_DEFAULTS: Readonly<Record<string, string>> = {
  state: 'present',
  'storage-access-mode': 'ManagedIdentity',
  'source-trigger': 'disabled',
  identity: 'system',
  'sas-key': 'user-delegation',
  'sas-days': '7',
  'delete-blobs': 'false',
  'dry-run': 'false',
  'timeout-minutes': '20',
  cloud: 'azurecloud',
};
