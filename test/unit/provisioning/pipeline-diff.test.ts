import { describe, expect, it } from '@jest/globals';
import { pipelineChanges } from '../../../src/provisioning/pipeline-diff.ts';
import type { PipelineState } from '../../../src/provisioning/ports.ts';
import { CONTAINER, pipelineId, SECRET, USER_IDENTITY } from './ports.fixture.ts';
import { present } from './run.fixture.ts';

const { desired } = present('import');

const state: PipelineState = {
  ...desired,
  resourceId: pipelineId('import').resourceId,
  provisioningState: 'Succeeded',
  principalId: 'principal',
  location: 'WESTUS',
};

describe('pipelineChanges', () => {
  it.each([
    { name: 'nothing', changes: {} },
    {
      name: 'a slash and capitals in the address',
      changes: { containerUri: `${CONTAINER.replace('account', 'Account')}/` },
    },
    { name: 'the order of options', wished: { options: ['a', 'b'] }, changes: { options: ['b', 'a'] } },
  ])('overlooks $name', ({ changes, wished = {} }) => {
    expect(pipelineChanges('importOne', { ...state, ...changes }, { ...desired, ...wished })).toEqual([]);
  });

  it.each([
    { what: 'container', changes: { containerUri: `${CONTAINER}-old` }, from: `${CONTAINER}-old`, to: CONTAINER },
    {
      what: 'storage access',
      changes: { access: { kind: 'sas', secretUri: SECRET } as const },
      from: `SasToken, ${SECRET}`,
      to: 'ManagedIdentity',
    },
    {
      what: 'identity',
      changes: { identity: { kind: 'user', resourceId: USER_IDENTITY } as const },
      from: USER_IDENTITY,
      to: 'system-assigned',
    },
    { what: 'identity', changes: { identity: null }, from: 'none', to: 'system-assigned' },
    { what: 'options', changes: { options: ['OverwriteTags'] }, from: 'OverwriteTags', to: 'none' },
    { what: 'source trigger', changes: { sourceTrigger: 'enabled' as const }, from: 'enabled', to: 'disabled' },
    { what: 'provisioning state', changes: { provisioningState: 'Failed' }, from: 'Failed', to: 'Succeeded' },
  ])('sees another $what', ({ what, changes, from, to }) => {
    expect(pipelineChanges('importOne', { ...state, ...changes }, desired)).toEqual([
      { subject: 'pipeline', what, from, to },
    ]);
  });

  it('does not report the provisioning state besides another difference, which is corrected first', () => {
    const changes = pipelineChanges('importOne', { ...state, provisioningState: 'Failed', options: ['a'] }, desired);
    expect(changes.map(({ what }) => what)).toEqual(['options']);
  });

  it('reports a new pipeline in one line', () => {
    const { desired: exporting } = present('export');
    expect(pipelineChanges('exportOne', null, exporting)).toEqual([
      {
        subject: 'pipeline',
        what: 'exportOne',
        from: null,
        to: `container: ${CONTAINER}; storage access: ManagedIdentity; identity: system-assigned; options: none`,
      },
    ]);
  });
});
