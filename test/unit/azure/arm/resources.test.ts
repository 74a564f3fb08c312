import { describe, expect, it } from '@jest/globals';
import { resourceIdSchema } from '../../../../src/azure/arm/resources.ts';

describe('resourceIdSchema', () => {
  it.each([
    ['/subscriptions/s/resourceGroups/g', true],
    ['/providers/Microsoft.Authorization/roleDefinitions/r', true],
    ['https://elsewhere.example/subscriptions/s', false],
    ['/subscriptions/s?api-version=1', false],
    ['//elsewhere.example', false],
  ])('accepts %s: %s', (id, valid) => {
    expect(resourceIdSchema.safeParse(id).success).toBe(valid);
  });
});
