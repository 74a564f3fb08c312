import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { CloudContext, StorageService, TokenService } from '../contracts.ts';
import type { CloudSettings } from '../description.ts';
import { listen } from '../http.ts';
import { createAuthorizer } from './authorization.ts';
import type { Account, AzuriteProcess } from './azurite.ts';
import { createCopier } from './copy.ts';
import { frontRoutes } from './front.ts';
import { createTrafficMeter } from './traffic.ts';
import { connectUpstream } from './upstream.ts';

/** Account names are 3 to 24 letters and digits; a random one makes the two clouds' signatures differ. */
const newAccount = (side: CloudContext['side']): Account => ({
  name: `${side}${randomBytes(6).toString('hex')}`,
  key: randomBytes(64).toString('base64'),
});

/** Everything that a storage account needs besides its cloud. */
export interface StorageOptions {
  /** PEM of the CAs of the clouds that blobs can be copied from. */
  readonly trustedCas: readonly string[];
  /** The process with the account. */
  readonly azurite: AzuriteProcess;
}

/**
 * Starts the storage account of a cloud: Azurite in its own process, behind an HTTPS front end that checks tokens and roles,
 * copies from URLs, and applies faults. Clients of Blob storage use `endpoint`, path style.
 */
export async function startStorage(
  context: CloudContext,
  tokens: TokenService,
  options: StorageOptions,
): Promise<StorageService> {
  const account = newAccount(context.side);
  const [azurite, identity] = await Promise.all([
    options.azurite.open(path.join(context.folder, 'storage'), account),
    context.authority.issueServer(`${context.side} storage`),
  ]);
  const upstream = connectUpstream(azurite.port);
  const meter = createTrafficMeter();
  const settings = (): CloudSettings['storage'] => context.settings().storage;
  const copier = createCopier({
    upstream,
    trustedCas: options.trustedCas,
    account: account.name,
    reaches: () => settings().copySource !== 'unreachable',
    meter,
  });
  const tenantAuthority = `${tokens.origin}/${context.tenantId}`;
  const authorize = createAuthorizer(context, tokens, account.name);
  const admits = (copyingAccount: string): boolean =>
    copyingAccount === account.name || settings().copySource !== 'refused';
  const routes = frontRoutes({
    authorize,
    isClosed: () => settings().publicNetworkAccess === 'Disabled' || settings().defaultAction === 'Deny',
    ageDays: () => settings().ageDays,
    admits,
    upstream,
    copier,
    meter,
    tenantId: context.tenantId,
    tenantAuthority,
  });
  const listener = await listen(identity, routes, context.interceptor('storage'));
  return {
    origin: listener.origin,
    account: account.name,
    key: account.key,
    endpoint: `${listener.origin}/${account.name}`,
    traffic: meter.all,
    resetTraffic: meter.reset,
    close: async () => {
      await listener.close();
      copier.close();
      upstream.close();
      await azurite.close();
    },
  };
}
