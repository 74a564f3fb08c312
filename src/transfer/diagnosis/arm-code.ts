/** Why Azure Resource Manager refused (Microsoft: "Troubleshoot common Azure deployment errors", "ARM error codes"). */
import { recognise, type Rule } from './rule.ts';

/** Failures of ARM; all of them speak of a side, of what was tried, and of ARM's own words. */
export type ArmFailureId = 'ACRT3002' | 'ACRT3009' | 'ACRT3036' | 'ACRT3037' | 'ACRT3038' | 'ACRT3039';

const RULES: readonly Rule<ArmFailureId>[] = [
  { pattern: /ScopeLocked|ResourceLocked/, id: 'ACRT3036' },
  { pattern: /RequestDisallowedByPolicy|DisallowedByPolicy/, id: 'ACRT3037' },
  {
    pattern: /SubscriptionNotFound|InvalidSubscriptionId|InvalidAuthenticationToken|ExpiredAuthenticationToken/,
    id: 'ACRT3038',
  },
  { pattern: /MissingSubscriptionRegistration|NoRegisteredProviderFound|SubscriptionNotRegistered/, id: 'ACRT3039' },
];

/**
 * What a refusal of ARM means.
 * @param refused whether its status says that the caller may not (401, 403)
 */
export const armFailureId = (reason: string, refused: boolean): ArmFailureId =>
  recognise(RULES, reason) ?? (refused ? 'ACRT3002' : 'ACRT3009');
