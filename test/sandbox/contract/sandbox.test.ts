/** The sandbox responds as the services do. */
import { compareService } from './compared.ts';
import { authorization } from './sandbox/authorization.ts';
import { keyVault } from './sandbox/key-vault.ts';
import { neighbours } from './sandbox/neighbours.ts';
import { pipelineRunFacts } from './sandbox/pipeline-runs.ts';
import { pipelines } from './sandbox/pipelines.ts';
import { registries } from './sandbox/registries.ts';
import { registryData } from './sandbox/registry-data.ts';
import { resourceManager } from './sandbox/resource-manager.ts';
import { storage } from './sandbox/storage.ts';

compareService('sandbox', 'pipelines', pipelines);
compareService('sandbox', 'pipeline-runs', pipelineRunFacts);
compareService('sandbox', 'registries', registries);
compareService('sandbox', 'resource-manager', resourceManager);
compareService('sandbox', 'authorization', authorization);
compareService('sandbox', 'neighbours', neighbours);
compareService('sandbox', 'registry-data', registryData);
compareService('sandbox', 'storage', storage);
compareService('sandbox', 'key-vault', keyVault);
