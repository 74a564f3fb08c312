/** Results of preflight: without errors, and with errors. */
import type { ReportDocument } from '../../../src/transfer/documents/report-schema.ts';
import { transferError } from '../../../src/transfer/errors/transfer-error.ts';
import { CHECK_NAMES } from '../../../src/transfer/model/check-result.ts';
import { found, seen } from './pieces.ts';

type Checks = ReportDocument['checks'];

const PRINCIPAL = '8f6f2f0e-3a57-4d0e-9a83-2f5a7c1d9e10';

const source = (): Checks => [
  seen('source', 'sign-in', 'signed in'),
  seen('source', 'registry', 'contosodev.azurecr.io: Premium, exports allowed'),
  seen('source', 'registry-network', 'open to the public network'),
  seen('source', 'pipeline', 'nightlyExport: Succeeded, https://contosodevtransfer.blob.core.windows.net/outbox'),
  seen('source', 'pipeline-identity', `identity ${PRINCIPAL}; nightlyExport reads a SAS from Key Vault with it`),
  seen('source', 'permissions', 'this workflow can start runs of contosodev'),
  seen('source', 'container', 'https://contosodevtransfer.blob.core.windows.net/outbox exists and can be read'),
  seen('source', 'storage-network', 'contosodevtransfer is open to the public network'),
  seen('source', 'secret', 'SAS with racwl, expires at 2027-03-01T00:00:00.000Z'),
  seen('source', 'artifacts', '40 artifacts can be pulled'),
];

const target = (): Checks => [
  seen('target', 'sign-in', 'signed in'),
  seen('target', 'registry', 'contosogov.azurecr.us: Premium'),
  seen('target', 'registry-network', 'open to the public network'),
  seen('target', 'pipeline', 'nightlyImport: Succeeded, https://contosogovtransfer.blob.core.usgovcloudapi.net/inbox'),
  seen('target', 'pipeline-options', 'source trigger disabled, imports by run'),
  seen('target', 'permissions', 'permissions: HTTP 403 AuthorizationFailed', 'unknown'),
  seen('target', 'container', 'https://contosogovtransfer.blob.core.usgovcloudapi.net/inbox exists and can be read'),
  seen('target', 'tags', 'no conflicting tags'),
];

const IMPORT = {
  pipeline: 'nightlyImport',
  id: '/subscriptions/9c1d2e3f-4a5b-4c6d-8e7f-0a1b2c3d4e5f/resourceGroups/transfer/providers/Microsoft.ContainerRegistry/registries/contosogov/importPipelines/nightlyImport',
};

const trigger = transferError('ACRT3020', IMPORT).facts;

/** In the order of a report. */
const ordered = (...checks: Checks): Checks =>
  checks.sort((one, other) => CHECK_NAMES.indexOf(one.check) - CHECK_NAMES.indexOf(other.check));

/** Checks without an error. */
export const HEALTHY: Checks = ordered(
  ...source(),
  ...target().filter(({ check }) => check !== 'pipeline-options'),
  found('target', 'pipeline-options', 'warning', trigger),
);

/** Typical errors of a first attempt. */
export const FAULTS = [
  transferError('ACRT3008', { registry: 'contosodev' }).facts,
  transferError('ACRT3024', {
    side: 'source',
    pipeline: 'nightlyExport',
    secret: 'https://contosodev-kv.vault.azure.net/secrets/outbox-sas',
    faults: 'it expired at 2026-11-01T00:00:00Z (se); it lacks w (write)',
    permissions: 'acrwl',
  }).facts,
  transferError('ACRT3018', {
    ...IMPORT,
    options: '["OverwriteTags"]',
    count: '2 tags are',
    references: '  shop/api:v2.0.0\n  shop/web:v2.0.1',
  }).facts,
] as const;

/** The checks that found these errors. */
export const FAULTY: Checks = ordered(
  ...source().filter(({ check }) => !['registry', 'secret'].includes(check)),
  found('source', 'registry', 'error', FAULTS[0]),
  found('source', 'secret', 'error', FAULTS[1]),
  ...target().filter(({ check }) => !['tags', 'pipeline-options'].includes(check)),
  found('target', 'pipeline-options', 'warning', trigger),
  found('target', 'tags', 'error', FAULTS[2]),
);
