/** Restricts the hosts that tokens are sent to. Container, registry and vault are often named by an answer of a service. */
import { transferError } from '../../transfer/errors/index.ts';
import type { Side } from '../../transfer/model/side.ts';
import type { Cloud, HostKind } from './cloud.ts';

/**
 * Checks the host of a URL before a token is sent there.
 * @throws ACRT2017 if the host doesn't belong to the cloud and isn't allowed by an input
 */
export type HostGuard = (kind: HostKind, url: string) => void;

/** DNS-zone endpoints: `account.z07.blob.storage.azure.net` (Microsoft: "Storage account overview", endpoints). */
const DNS_ZONE = /^[a-z\d]+\.z\d{2}\.blob\.storage\.azure\.net$/;

const hasSuffix = (host: string, suffix: string): boolean => host === suffix || host.endsWith(`.${suffix}`);

/** Whether a host is an allowed one, or a subdomain of `*.domain`. */
const matches = (host: string, allowed: string): boolean =>
  allowed.startsWith('*.') ? host.endsWith(allowed.slice(1)) : host === allowed;

function belongs({ custom, suffixes }: Cloud, kind: HostKind, host: string): boolean {
  const own = suffixes[kind];
  if (own.length === 0 || own.some((suffix) => hasSuffix(host, suffix))) return true;
  return !custom && kind === 'storage' && own.includes('blob.core.windows.net') && DNS_ZONE.test(host);
}

/**
 * Creates the guard of one side.
 * @param allowedHosts hosts that the inputs allow in addition, such as custom domains
 */
export function hostGuard(side: Side, cloud: Cloud, allowedHosts: readonly string[]): HostGuard {
  const allowed = allowedHosts.map((host) => host.toLowerCase());
  return (kind, url) => {
    // With its port, if that isn't 443.
    const host = URL.parse(url)?.host.toLowerCase() ?? '';
    if (belongs(cloud, kind, host) || allowed.some((entry) => matches(host, entry))) return;
    const values = { side, kind, host, cloud: cloud.name, suffixes: cloud.suffixes[kind].join(' or ') };
    throw transferError('ACRT2017', values);
  };
}
