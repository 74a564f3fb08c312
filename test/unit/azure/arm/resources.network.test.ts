import { describe, expect, it } from '@jest/globals';
import { networkRules } from '../../../../src/azure/arm/resources.ts';

const OPEN = { publicAccess: true, restricted: false, trustedServices: true };

describe('networkRules', () => {
  it.each([
    { members: {}, rules: OPEN },
    { members: { publicNetworkAccess: null, defaultAction: null, bypass: null }, rules: OPEN },
    { members: { publicNetworkAccess: 'enabled', defaultAction: 'allow', bypass: 'azureServices' }, rules: OPEN },
    { members: { publicNetworkAccess: 'disabled' }, rules: { ...OPEN, publicAccess: false } },
    { members: { publicNetworkAccess: 'SecuredByPerimeter' }, rules: { ...OPEN, restricted: true } },
    { members: { defaultAction: 'deny' }, rules: { ...OPEN, restricted: true } },
    { members: { bypass: 'Logging, Metrics, AzureServices' }, rules: OPEN },
    { members: { bypass: 'Logging' }, rules: { ...OPEN, trustedServices: false } },
    { members: { bypass: 'None' }, rules: { ...OPEN, trustedServices: false } },
  ])('reads $members', ({ members, rules }) => {
    expect(networkRules(members)).toEqual(rules);
  });
});
