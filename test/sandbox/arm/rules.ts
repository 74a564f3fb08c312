import type { CloudSettings } from '../description.ts';
import { exportsDisabled, invalidName, skuNotSupported } from './errors.ts';

const NAME = /^[a-zA-Z0-9]{5,50}$/;

/** Valid names of pipelines and runs in a PUT: pattern and lengths of the specification. Throws 400. */
export function checkName(type: string, name: string): void {
  if (!NAME.test(name)) throw invalidName(type, name);
}

/** Transfer is a feature of Premium registries (Microsoft Learn, "ACR Transfer", prerequisites). Throws 400. */
export function checkSku({ sku }: CloudSettings['registry']): void {
  if (sku !== 'Premium') throw skuNotSupported(sku);
}

/** @param what the refused operation, if the registry's export policy is disabled, as the beginning of a sentence */
export function checkExportPolicy({ exportPolicy }: CloudSettings['registry'], registry: string, what: string): void {
  if (exportPolicy === 'disabled') throw exportsDisabled(what, registry);
}
