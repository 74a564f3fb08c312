/** Why Azure Resource Manager refused (Microsoft: "Troubleshoot common Azure deployment errors", "ARM error codes"). */
import { recognise, type Rule } from './rule.ts';

/** Failures of ARM; all of them speak of a side, of what was tried, and of ARM's own words. */
export type ArmFailureId =
  'ACRT3002' | 'ACRT3009' | 'ACRT3036' | 'ACRT3037' | 'ACRT3038' | 'ACRT3039' | 'ACRT3040' | 'ACRT3041';

const ARM_RULES: readonly Rule<ArmFailureId>[] = [
  { pattern: /ScopeLocked|ResourceLocked/, id: 'ACRT3036' },
  { pattern: /RequestDisallowedByPolicy|DisallowedByPolicy/, id: 'ACRT3037' },
  {
    pattern: /SubscriptionNotFound|InvalidSubscriptionId|InvalidAuthenticationToken|ExpiredAuthenticationToken/,
    id: 'ACRT3038',
  },
  // InvalidResourceType is a 404: the cloud has no such type, or not in this api-version.
  {
    pattern: /MissingSubscriptionRegistration|NoRegisteredProviderFound|SubscriptionNotRegistered|InvalidResourceType/,
    id: 'ACRT3039',
  },
  // "Understand how Azure Resource Manager throttles requests".
  { pattern: /TooManyRequests|RequestsThrottled|\bHTTP 429\b/, id: 'ACRT3040' },
  // "… because the registry 'X' has exports disabled." (Azure-Samples/holiday-peak-hub#830).
  { pattern: /exports? (?:is |are )?disabled|exportPolicy/i, id: 'ACRT3041' },
];

/**
 * What a refusal of ARM means.
 * @param refused whether its status says that the caller may not (401, 403)
 */
export const armFailureId = (reason: string, refused: boolean): ArmFailureId =>
  recognise(ARM_RULES, reason) ?? (refused ? 'ACRT3002' : 'ACRT3009');

/**
 * Whether a 404 says that the resource is not there. ARM also answers 404 when it doesn't know the subscription (ACRT3038),
 * or the type or api-version (ACRT3039).
 */
export const saysAbsent = (status: number, reason: string | null): boolean =>
  status === 404 && (reason === null || recognise(ARM_RULES, reason) === null);
