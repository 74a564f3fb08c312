/** Codes and texts of Azure and of the network, each classified by the action's own code. */
import type { TransferErrorId } from '../../src/transfer/errors/catalog.ts';
import {
  classifyArm,
  classifyNetwork,
  classifyRegistry,
  classifyRun,
  classifySignIn,
  classifyStorage,
} from '../../src/transfer/errors/classify.ts';

/** A source of messages, and the classification of each. */
export interface Speaker {
  readonly name: string;
  readonly words: readonly string[];
  readonly diagnose: (words: string) => TransferErrorId | null;
}

const entra = (...codes: readonly number[]): readonly string[] => codes.map((code) => `AADSTS${code}`);

/** A program or service whose messages appear during a transfer. */
export const SPEAKERS: readonly Speaker[] = [
  {
    name: 'Entra ID',
    diagnose: classifySignIn,
    words: entra(
      ...[50013, 50076, 50079, 50158, 50166, 53000, 53001, 53003, 70002, 70021, 70025, 90002, 90072, 500011, 500133],
      ...[530035, 530036, 700016, 700024, 700027, 700211, 700212, 700213, 700223, 700238, 900021, 900023, 5000224],
      ...[7000112, 7000215, 7000216, 7000222, 7000229, 7002138, 7002381],
    ),
  },
  {
    name: 'Azure Resource Manager',
    diagnose: (words) => classifyArm(words, words === 'AuthorizationFailed'),
    words: [
      'AuthorizationFailed',
      'ExpiredAuthenticationToken',
      'InvalidAuthenticationToken',
      'InvalidResourceType',
      'MissingSubscriptionRegistration',
      'NoRegisteredProviderFound',
      'RequestDisallowedByPolicy',
      'ScopeLocked',
      'SubscriptionNotFound',
      'TooManyRequests',
      'exports disabled',
    ],
  },
  {
    name: 'A pipeline run',
    diagnose: classifyRun,
    words: [
      'AuthenticationFailed',
      'BlobAlreadyExists',
      'BlobNotFound',
      'ContainerNotFound',
      'Failed to access storage … 403',
      'KeyBasedAuthenticationNotPermitted',
      'KeyVaultEncryptionKeyNotFound',
      'MANIFEST_UNKNOWN',
      'SecretNotFound',
      'SIZE_INVALID',
      'tag already exists',
      'The operation is disallowed on this registry',
      'TooManyRequests',
    ],
  },
  {
    name: 'Blob storage',
    diagnose: classifyStorage,
    words: [
      'AccountIsDisabled',
      'AuthenticationFailed',
      'AuthorizationFailure',
      'AuthorizationProtocolMismatch',
      'AuthorizationSourceIPMismatch',
      'BlobArchived',
      'BlobBeingRehydrated',
      'BlobImmutableDueToPolicy',
      'KeyBasedAuthenticationNotPermitted',
      'KeyVaultEncryptionKeyNotFound',
      'LeaseIdMissing',
      'NoAuthenticationInformation',
      'PublicAccessNotPermitted',
      'SnapshotsPresent',
    ],
  },
  {
    name: 'A registry',
    diagnose: classifyRegistry,
    words: ['is not allowed access', 'TOOMANYREQUESTS'],
  },
  {
    name: 'Node and OpenSSL',
    diagnose: classifyNetwork,
    words: [
      'CERT_HAS_EXPIRED',
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'EAI_AGAIN',
      'ECONNREFUSED',
      'ECONNRESET',
      'ENOTFOUND',
      'ETIMEDOUT',
      'SELF_SIGNED_CERT_IN_CHAIN',
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    ],
  },
];
