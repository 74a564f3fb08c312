/** All inputs of setup/action.yml to a ProvisioningRequest. */
import type {
  DesiredPipeline,
  EnsureRequest,
  PipelineIdentity,
  ProvisioningRequest,
  ProvisioningTerms,
  RotateRequest,
  SasLifetime,
  TeardownRequest,
} from '../../provisioning/index.ts';
import { failed, ok, type Result } from '../../transfer/errors/index.ts';
import { OPTIONS_OF, parsePipelineId, type PipelineId } from '../../transfer/model/pipeline-id.ts';
import { sideOfPipeline } from '../../transfer/model/side.ts';
import { toSetupInputNames } from '../runner/inputs.ts';
import { SETUP_INPUT_DEFAULTS } from './defaults.ts';
import { inputError, inputReader, type InputReader } from './reader.ts';
import { NO_PIPELINE, parseContainer, readSignIn } from './side.ts';

const STATES = ['present', 'rotate', 'absent'] as const;
const MAX_WAIT_MINUTES = 120;
/** Longest lifetime of a user delegation key (Microsoft: "Create a user delegation SAS"). */
const MAX_DELEGATION_DAYS = 7;
const MAX_KEY_DAYS = 365;

/** Inputs with an effect in some states only. In other states they are rejected, because they would be silently ignored. */
const STATES_OF_INPUT: Readonly<Record<string, readonly string[]>> = {
  container: ['present'],
  options: ['present'],
  'secret-uri': ['present'],
  'storage-access-mode': ['present'],
  'source-trigger': ['present'],
  identity: ['present'],
  'sas-key': ['present', 'rotate'],
  'sas-days': ['present', 'rotate'],
  'delete-blobs': ['absent'],
};

function readPipeline(reader: InputReader): PipelineId {
  if (reader.text('pipeline') === null) reader.report('pipeline', "is required: the pipeline's ARM resource ID");
  const side = reader.text('side') === null ? null : reader.choice('side', ['export', 'import']);
  const text = reader.text('pipeline') ?? '';
  const kind = side ?? (/\/importPipelines\//i.test(text) ? 'import' : 'export');
  return reader.parsed('pipeline', (id) => parsePipelineId(id, kind)) ?? NO_PIPELINE;
}

const IDENTITY_ID =
  /^\/subscriptions\/[\da-f-]{36}\/resourceGroups\/[\w().-]{0,89}[\w()-]\/providers\/Microsoft\.ManagedIdentity\/userAssignedIdentities\/[\w-]{1,128}$/i;

function parseIdentity(text: string): Result<PipelineIdentity, string> {
  if (text.toLowerCase() === 'system') return ok({ kind: 'system' });
  if (IDENTITY_ID.test(text)) return ok({ kind: 'user', resourceId: text });
  return failed(
    'use system, or the resource ID of a user-assigned identity (/subscriptions/…/userAssignedIdentities/…)',
  );
}

function parseOptions(text: string, kind: PipelineId['kind']): Result<readonly string[], string> {
  const known: readonly string[] = OPTIONS_OF[kind];
  const given = text.split(/[\s,]+/).filter((option) => option !== '');
  const options = given.map((option) => known.find((name) => name.toLowerCase() === option.toLowerCase()));
  if (options.every((option) => option !== undefined)) return ok([...new Set(options)]);
  return failed(`use options of an ${kind} pipeline: ${known.join(', ')}`);
}

function parseSecretUri(text: string): Result<string, string> {
  const url = URL.parse(text);
  const isSecret =
    url?.protocol === 'https:' && /^\/secrets\/[A-Za-z\d-]{1,127}\/?$/.test(url.pathname) && url.search === '';
  if (isSecret) return ok(`${url.origin}${url.pathname.replace(/\/$/, '')}`);
  return failed('use https://<vault>/secrets/<name>, without a version: each renewal creates a new version');
}

function readAccess(reader: InputReader): DesiredPipeline['access'] {
  const mode = reader.choice('storage-access-mode', ['managedidentity', 'sastoken']);
  const secretUri = reader.parsed('secret-uri', parseSecretUri);
  const isGiven = reader.text('secret-uri') !== null;
  if (mode === 'sastoken') {
    if (!isGiven) reader.report('secret-uri', 'is required with storage-access-mode: SasToken');
    return { kind: 'sas', secretUri: secretUri ?? '' };
  }
  if (isGiven) reader.report('secret-uri', 'is only for storage-access-mode: SasToken');
  return { kind: 'identity' };
}

function readTrigger(kind: PipelineId['kind'], reader: InputReader): DesiredPipeline['sourceTrigger'] {
  const trigger = reader.choice('source-trigger', ['disabled', 'enabled']);
  if (kind === 'import') return trigger ?? 'disabled';
  if (trigger === 'enabled') reader.report('source-trigger', 'is only for import pipelines');
  return null;
}

function readDesiredPipeline(kind: PipelineId['kind'], reader: InputReader): DesiredPipeline {
  const containerUri = reader.parsed('container', parseContainer);
  if (reader.text('container') === null) reader.report('container', 'is required: https://<account>…/<container>');
  return {
    containerUri: containerUri ?? '',
    identity: reader.parsed('identity', parseIdentity) ?? { kind: 'system' },
    access: readAccess(reader),
    options: reader.parsed('options', (text) => parseOptions(text, kind)) ?? [],
    sourceTrigger: readTrigger(kind, reader),
  };
}

function readSasLifetime(reader: InputReader): SasLifetime {
  const key = reader.choice('sas-key', ['user-delegation', 'account-key']) ?? 'user-delegation';
  const maxDays = key === 'user-delegation' ? MAX_DELEGATION_DAYS : MAX_KEY_DAYS;
  return { key, days: reader.count('sas-days', 1, maxDays) };
}

function rejectUnrelated(state: string, reader: InputReader): void {
  for (const [input, states] of Object.entries(STATES_OF_INPUT)) {
    const isDefault = reader.text(input)?.toLowerCase() === SETUP_INPUT_DEFAULTS[input]?.toLowerCase();
    if (!states.includes(state) && !isDefault) {
      reader.report(input, `has no effect in state ${state}; it is for ${states.join(' and ')}`);
    }
  }
}

function readState(
  state: ProvisioningRequest['state'],
  terms: ProvisioningTerms,
  reader: InputReader,
): ProvisioningRequest {
  switch (state) {
    case 'present': {
      const desired = readDesiredPipeline(terms.pipeline.kind, reader);
      return { ...terms, state, desired, life: readSasLifetime(reader) } satisfies EnsureRequest;
    }
    case 'rotate':
      return { ...terms, state, life: readSasLifetime(reader) } satisfies RotateRequest;
    case 'absent':
      return { ...terms, state, deleteBlobs: reader.flag('delete-blobs') } satisfies TeardownRequest;
  }
}

/**
 * Reads all inputs of the setup action into a request, before any network call.
 * @param get returns the value of an input; empty if it is not set
 * @throws ACRT1001 with every problem of every input
 */
export function readProvisioningRequest(get: (input: string) => string): ProvisioningRequest {
  const reader = inputReader(
    (input) => get(toSetupInputNames(input)),
    (input) => SETUP_INPUT_DEFAULTS[toSetupInputNames(input)],
  );
  const state = reader.choice('state', STATES) ?? 'present';
  rejectUnrelated(state, reader);
  const pipeline = readPipeline(reader);
  const terms: ProvisioningTerms = {
    pipeline,
    side: { ...readSignIn(sideOfPipeline(pipeline), reader), sas: null },
    dryRun: reader.flag('dry-run'),
    timeoutMinutes: reader.count('timeout-minutes', 1, MAX_WAIT_MINUTES),
  };
  const request = readState(state, terms, reader);
  if (reader.problems.length === 0) return request;
  const problems = reader.problems.map(({ input, value, problem }) => ({
    input: toSetupInputNames(input),
    value,
    problem: toSetupInputNames(problem),
  }));
  throw inputError(problems);
}
