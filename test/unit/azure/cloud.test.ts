import { describe, expect, it } from '@jest/globals';
import { resolveCloud } from '../../../src/azure/cloud.ts';

describe('the portal of a cloud', () => {
  it.each([
    ['AzureCloud', 'https://portal.azure.com'],
    ['azureusgovernment', 'https://portal.azure.us'],
    ['azurechinacloud', 'https://portal.azure.cn'],
  ])('%s', async (name, portal) => {
    expect((await resolveCloud(name)).portal).toBe(portal);
  });
});
