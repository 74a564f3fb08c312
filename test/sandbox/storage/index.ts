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

/** What a storage account needs besides its cloud. */
export interface StorageOptions {
  /** PEM; the CAs of the clouds that blobs may be copied from. */
  readonly trustedCas: readonly string[];
  /** The process that keeps the account. */
  readonly azurite: AzuriteProcess;
}

/**
 * Starts a cloud's storage account: Azurite in a process of its own, behind an HTTPS front that checks tokens and roles, copies from URLs
 * and does the faults. Real clients of Blob storage work against `endpoint`, path style.
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
