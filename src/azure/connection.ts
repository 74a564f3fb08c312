/** The connection of one side: cloud, sign-in, ARM. Transfer and provisioning share it. */
import type { TokenCredential } from '@azure/core-auth';
import type { SideRequest } from '../transfer/model/request.ts';
import type { Side, SignedInIdentity } from '../transfer/model/side.ts';
import { connectArm, type Arm } from './arm/index.ts';
import { resolveCloud, type Cloud } from './cloud/cloud.ts';
import { hostGuard, type HostGuard } from './cloud/hosts.ts';
import type { ConnectOptions } from './identity/credential.ts';

/** Runs `work` at the first call, and caches the result. A rejection isn't cached. */
export function memoizeResolved<Result>(work: () => Promise<Result>): () => Promise<Result> {
  let pending: Promise<Result> | undefined;
  return () => {
    pending ??= work().catch((error: unknown) => {
      pending = undefined;
      throw error;
    });
    return pending;
  };
}

/** Like {@link memoizeResolved}, for each key. */
export function memoizeByKey<Result>(work: (key: string) => Promise<Result>): (key: string) => Promise<Result> {
  const memoized = new Map<string, () => Promise<Result>>();
  return (key) => {
    const result = memoized.get(key) ?? memoizeResolved(() => work(key));
    memoized.set(key, result);
    return result();
  };
}

/** A side that has signed in. */
export interface SignedInSide {
  readonly cloud: Cloud;
  readonly credential: TokenCredential;
  readonly requireHost: HostGuard;
}

/** The connection of one side. Its clients exist once, so that all requests of an identity to a service share one throttle. */
export interface Connection {
  readonly side: Side;
  readonly request: SideRequest;
  readonly options: ConnectOptions;
  readonly cloud: () => Promise<Cloud>;
  readonly signIn: () => Promise<SignedInSide>;
  readonly arm: (subscriptionId: string) => Promise<Arm>;
  /** Whether ARM was needed so far. */
  readonly usesArm: () => boolean;
  /** The identity of the job, if the side has signed in with it. */
  readonly identity: () => SignedInIdentity | null;
}

/**
 * Opens the connection of one side. No request is sent before its result is needed, so a side that only gives access to its
 * container by SAS needs neither a credential nor ARM.
 *
 * Its members throw ACRT2004 if a custom cloud can't be discovered.
 */
export function openConnection(side: Side, request: SideRequest, options: ConnectOptions): Connection {
  let jobIdentity: SignedInIdentity | null = null;
  let usesArm = false;
  const onJobIdentity: ConnectOptions['onJobIdentity'] = (...named) => {
    [, jobIdentity] = named;
    options.onJobIdentity?.(...named);
  };
  const cloudOf = memoizeResolved(() => resolveCloud(request.cloud));
  // Loaded at the first sign-in, because the identity library is half of the code that this action loads.
  const signIn = memoizeResolved(async (): Promise<SignedInSide> => {
    const [cloud, { sideCredential }] = await Promise.all([cloudOf(), import('./identity/credential.ts')]);
    const credential = sideCredential(request.identity, { side, cloud, ...options, onJobIdentity });
    return { cloud, credential, requireHost: hostGuard(side, cloud, request.allowedHosts) };
  });
  const arm = memoizeByKey(async (subscriptionId) => {
    const { cloud, credential } = await signIn();
    return connectArm(side, cloud, credential, subscriptionId);
  });
  return {
    side,
    request,
    options,
    cloud: cloudOf,
    signIn,
    arm: (subscriptionId) => {
      usesArm = true;
      return arm(subscriptionId);
    },
    usesArm: () => usesArm,
    identity: () => jobIdentity,
  };
}
