/** Inputs of one side: cloud, identity, SAS, container. */
import { failed, ok, type Result } from '../../transfer/errors/index.ts';
import type { PipelineId } from '../../transfer/model/pipeline-id.ts';
import type { ContainerLocation, IdentityRequest, SideRequest } from '../../transfer/model/request.ts';
import type { Side } from '../../transfer/model/side.ts';
import { parseAllowedHosts } from './list.ts';
import type { InputReader } from './reader.ts';

const CLOUDS = ['azurecloud', 'azureusgovernment', 'azurechinacloud'];

const GUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

const parseGuid = (text: string): Result<string, string> => (GUID.test(text) ? ok(text) : failed('not a GUID'));

function parseCloud(text: string): Result<string, string> {
  if (CLOUDS.includes(text.toLowerCase())) return ok(text.toLowerCase());
  const url = URL.parse(text);
  if (url?.protocol === 'https:' && url.pathname === '/' && url.search === '') return ok(url.origin);
  return failed(`use one of ${CLOUDS.join(', ')}, or the ARM endpoint of another cloud (https://…)`);
}

/** Whether a location is a directory: `./media`, `../media`, `/mnt/media`, `C:\\media`. */
export const isDirectory = (text: string): boolean => /^(?:\.{1,2}$|\.{0,2}[\\/]|[a-z]:[\\/])/i.test(text);

/** Parses the URI of a container, without a SAS. */
export function parseContainer(text: string): Result<string, string> {
  if (isDirectory(text)) return failed('a directory is allowed in mode handoff only');
  const url = URL.parse(text);
  const segments = url?.pathname.split('/').filter((segment) => segment !== '') ?? [];
  if (url?.protocol !== 'https:' || segments.length === 0) {
    return failed(
      'use a container URI: https://<account>.blob.<cloud suffix>/<container>, or in mode handoff a directory: ./…',
    );
  }
  if (url.search !== '') return failed('remove the SAS from the URI and set it in the input for the SAS');
  return ok(`${url.origin}/${segments.join('/')}`);
}

function parseSas(text: string): Result<string, string> {
  const sas = text.replace(/^\?/, '');
  const fields = new URLSearchParams(sas);
  return fields.has('sig') && fields.has('sv')
    ? ok(sas)
    : failed('not a SAS: sv or sig is missing; use the part of the URL after the question mark');
}

function readIdentity(side: Side, reader: InputReader): IdentityRequest {
  const tenantId = reader.parsed(`${side}-tenant-id`, parseGuid);
  const clientId = reader.parsed(`${side}-client-id`, parseGuid);
  const clientSecret = reader.text(`${side}-client-secret`);
  const audience = reader.text(`${side}-audience`);
  if (audience !== null && clientSecret !== null) {
    reader.report(`${side}-audience`, `is for OIDC only, but ${side}-client-secret is set`);
  }
  if (clientSecret !== null) {
    for (const input of [`${side}-tenant-id`, `${side}-client-id`]) {
      if (reader.text(input) === null) reader.report(input, 'is required with a client secret');
    }
    return { kind: 'secret', tenantId: tenantId ?? '', clientId: clientId ?? '', clientSecret };
  }
  if (tenantId !== null && clientId !== null) return { kind: 'oidc', tenantId, clientId, audience };
  return readIdentityWithoutTenant(side, audience, reader);
}

/** Reads a managed identity or the identity of the job. An ID that is set but invalid has been reported. */
function readIdentityWithoutTenant(side: Side, audience: string | null, reader: InputReader): IdentityRequest {
  const clientId = reader.text(`${side}-client-id`);
  const hasTenant = reader.text(`${side}-tenant-id`) !== null;
  if (audience !== null && !(hasTenant && clientId !== null)) {
    reader.report(`${side}-audience`, `is for OIDC only, which needs ${side}-tenant-id and ${side}-client-id`);
  }
  if (clientId !== null) return { kind: 'managed-identity', clientId };
  // An empty variable can't be distinguished from an absent input. A tenant without a client is a sign of one.
  if (hasTenant) reader.report(`${side}-client-id`, `is required with ${side}-tenant-id`, '');
  return { kind: 'ambient' };
}

/** Placeholder for a missing pipeline. A problem has been reported in this case, so the placeholder is never used. */
export const NO_PIPELINE: PipelineId = {
  kind: 'export',
  resourceId: '',
  subscriptionId: '',
  resourceGroup: '',
  registry: '',
  registryId: '',
  name: '',
};

/** Reads the cloud of a side and how it signs in. */
export const readSignIn = (side: Side, reader: InputReader): Omit<SideRequest, 'sas'> => ({
  cloud: reader.parsed(`${side}-cloud`, parseCloud) ?? 'azurecloud',
  identity: readIdentity(side, reader),
  allowedHosts: reader.parsed(`${side}-allowed-hosts`, parseAllowedHosts) ?? [],
});

/** The host of a container that the inputs name together with its SAS. It gets only this SAS, so it needs no other permission. */
function hostOfOwnContainer(side: Side, reader: InputReader): readonly string[] {
  const uri = reader.text(`${side}-sas`) === null ? null : URL.parse(reader.text(`${side}-container`) ?? '');
  return uri?.protocol === 'https:' ? [uri.host] : [];
}

/** Reads the inputs of one side: cloud, identity, SAS. */
export function readSide(side: Side, reader: InputReader): SideRequest {
  const signIn = readSignIn(side, reader);
  return {
    ...signIn,
    allowedHosts: [...signIn.allowedHosts, ...hostOfOwnContainer(side, reader)],
    sas: reader.parsed(`${side}-sas`, parseSas),
  };
}

/**
 * Reads the location of a side's container: its URI, or the pipeline that uses it.
 * @param pipeline the pipeline of this side; null if it is missing or invalid, which has been reported if it is required
 */
export function readContainer(
  side: Side,
  pipeline: PipelineId | null,
  pipelineRequired: boolean,
  reader: InputReader,
): ContainerLocation {
  const input = `${side}-container`;
  const uri = reader.parsed(input, parseContainer);
  if (uri !== null) return { kind: 'uri', uri };
  if (pipeline !== null) return { kind: 'pipeline', pipeline };
  const pipelineInput = side === 'source' ? 'export-pipeline' : 'import-pipeline';
  if (!pipelineRequired && reader.text(input) === null && reader.text(pipelineInput) === null) {
    reader.report(input, `is required, or ${pipelineInput}, whose container is then used`);
  }
  return { kind: 'uri', uri: '' };
}
